import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** The folders in which Next looks for the files of an application. */
export interface NextFolders {
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
  const parent = (pages ?? app) && dirname(pages ?? app ?? '');
  return parent === undefined ? undefined : { app, pages, parent };
}

/**
 * Whether a word is in a file, or in a file that it imports.
 *
 * @param roots - where `@/` may lead to, the alias of Next's own template; others are not known
 */
export function names(file: string, word: string, roots: readonly string[]): boolean {
  const text = readFileSync(file, 'utf8');
  if (text.includes(word)) return true;
  return [...text.matchAll(/['"](@|\.{1,2})\/([^'"]+)['"]/g)].some(([, start = '', path = '']) => {
    const folders = start === '@' ? roots : [join(dirname(file), start)];
    return folders.some((folder) => {
      const imported = findImported(join(folder, path));
      return imported !== undefined && readFileSync(imported, 'utf8').includes(word);
    });
  });
}

const sourceExtensions = ['ts', 'tsx', 'js', 'jsx', 'mts', 'mjs', 'cjs'];

function findImported(path: string): string | undefined {
  const bare = path.replace(/\.[cm]?jsx?$/, '');
  return (
    findFile(dirname(bare), basename(bare), sourceExtensions) ?? findFile(path, 'index', sourceExtensions)
  );
}

/** Finds a file by its name, with any of these extensions. */
export function findFile(folder: string, name: string, extensions: readonly string[]): string | undefined {
  return extensions.map((extension) => join(folder, `${name}.${extension}`)).find((path) => existsSync(path));
}

/** The files of both routers that may serve a path, exact names first. */
export function findRoutes(
  { app, pages }: NextFolders,
  path: string,
  extensions: readonly string[],
): readonly string[] {
  const segments = path.split('/').filter((segment) => segment !== '');
  return [
    ...(app === undefined ? [] : findAppRoutes(app, segments, extensions)),
    ...(pages === undefined ? [] : findPages(pages, segments, extensions)),
  ];
}

function findAppRoutes(
  folder: string,
  segments: readonly string[],
  extensions: readonly string[],
): readonly string[] {
  const [next, ...rest] = segments;
  const own = next === undefined ? findFile(folder, 'route', extensions) : undefined;
  const others = subfoldersOf(folder).flatMap((name) => {
    const path = join(folder, name);
    // A group, `(site)`, is not part of the path.
    if (/^\(.*\)$/.test(name)) return findAppRoutes(path, segments, extensions);
    if (isCatchAll(name)) return findAppRoutes(path, [], extensions);
    return next !== undefined && isSegment(name, next) ? findAppRoutes(path, rest, extensions) : [];
  });
  return own === undefined ? others : [own, ...others];
}

function findPages(
  folder: string,
  segments: readonly string[],
  extensions: readonly string[],
): readonly string[] {
  const [next, ...rest] = segments;
  if (next === undefined) {
    const index = findFile(folder, 'index', extensions);
    return index === undefined ? [] : [index];
  }
  const names = readdirSync(folder).filter((name) => extensions.some((one) => name.endsWith(`.${one}`)));
  const files = names.sort(namedFirst).filter((name) => {
    const bare = name.replace(/\.[^.\]]*$/, '');
    return isCatchAll(bare) || (rest.length === 0 && isSegment(bare, next));
  });
  const below = subfoldersOf(folder).filter((name) => isSegment(name, next));
  return [
    ...below.flatMap((name) => findPages(join(folder, name), rest, extensions)),
    ...files.map((name) => join(folder, name)),
  ];
}

function subfoldersOf(folder: string): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory());
  return folders.map(({ name }) => name).sort(namedFirst);
}

/** A name comes before a parameter, `[name]`, as for Next. */
function namedFirst(a: string, b: string): number {
  return Number(a.startsWith('[')) - Number(b.startsWith('['));
}

function isCatchAll(name: string): boolean {
  return /^\[+\.\.\./.test(name);
}

/** Whether a file or folder matches a segment of a path: by its name, or as a parameter, `[name]`. */
function isSegment(name: string, segment: string): boolean {
  return name === segment || /^\[[^\].]+\]$/.test(name);
}
