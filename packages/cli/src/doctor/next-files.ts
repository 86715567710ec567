import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';

/** Where Next looks for the files of an application. */
export interface NextFolders {
  /** The folder of the project. */
  readonly folder: string;
  readonly app: string | undefined;
  readonly pages: string | undefined;
  /** The folder of both: the project's, or `src`. */
  readonly parent: string;
}

/** Finds `app` and `pages` as Next does: in the project's folder, or in `src`. */
export function findNextFolders(folder: string): NextFolders | undefined {
  const find = (name: string): string | undefined =>
    [join(folder, name), join(folder, 'src', name)].find((path) => existsSync(path));
  const app = find('app');
  const pages = find('pages');
  const first = pages ?? app;
  return first === undefined ? undefined : { folder, app, pages, parent: dirname(first) };
}

/** Whether a word is in a file, or in a file that it imports. */
export function names(file: string, word: string, { folder, parent }: NextFolders): boolean {
  const text = readFileSync(file, 'utf8');
  if (text.includes(word)) return true;
  return [...text.matchAll(/['"](@|\.{1,2})\/([^'"]+)['"]/g)].some(([, start = '', path = '']) => {
    // `@/` is the alias of Next's own template; others are not known.
    const folders = start === '@' ? [folder, parent] : [join(dirname(file), start)];
    return folders.some((from) => {
      const imported = findImported(join(from, path));
      return imported !== undefined && readFileSync(imported, 'utf8').includes(word);
    });
  });
}

const sourceExtensions = ['ts', 'tsx', 'js', 'jsx', 'mts', 'mjs', 'cjs'];

function findImported(path: string): string | undefined {
  const bare = path.replace(/\.[cm]?jsx?$/, '');
  return (
    findFile([dirname(bare)], basename(bare), sourceExtensions) ?? findFile([path], 'index', sourceExtensions)
  );
}

/** Finds a file by its name, with any of these extensions, in the first folder that has one. */
export function findFile(
  folders: readonly string[],
  name: string,
  extensions: readonly string[],
): string | undefined {
  return folders
    .flatMap((folder) => extensions.map((extension) => join(folder, `${name}.${extension}`)))
    .find((path) => existsSync(path));
}

/** The files of both routers that may serve a path, those without parameters first. */
export function findRoutes(
  { app, pages }: NextFolders,
  path: string,
  extensions: readonly string[],
): readonly string[] {
  const asked = path.split('/').filter((segment) => segment !== '');
  return [
    ...findFiles(app, extensions, (route) => route.at(-1) === 'route' && serves(route.slice(0, -1), asked)),
    ...findFiles(pages, extensions, (page) =>
      serves(page.at(-1) === 'index' ? page.slice(0, -1) : page, asked),
    ),
  ];
}

/** @param matches - whether a file is meant, by the names of its folders and its own without the extension */
function findFiles(
  folder: string | undefined,
  extensions: readonly string[],
  matches: (names: readonly string[]) => boolean,
): readonly string[] {
  if (folder === undefined) return [];
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => {
    const extension = extensions.find((one) => file.endsWith(`.${one}`));
    return extension !== undefined && matches(file.slice(0, -extension.length - 1).split(sep));
  });
  return files.sort((a, b) => firstParameter(b) - firstParameter(a)).map((file) => join(folder, file));
}

function firstParameter(file: string): number {
  const at = file.indexOf('[');
  return at === -1 ? file.length : at;
}

/** Whether folders and files serve a path: by its names, as groups, `(site)`, or as parameters, `[id]` and `[...rest]`. */
function serves([name, ...names]: readonly string[], segments: readonly string[]): boolean {
  const [segment, ...rest] = segments;
  if (name === undefined) return segment === undefined;
  if (/^\(.*\)$/.test(name)) return serves(names, segments);
  if (/^\[+\.\.\./.test(name)) return true;
  const isSame = name === segment || (segment !== undefined && /^\[.*\]$/.test(name));
  return isSame && serves(names, rest);
}
