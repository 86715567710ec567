import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Where Next looks for the files of an application. */
export interface NextFolders {
  readonly app: string | undefined;
  readonly pages: string | undefined;
  /** The folder that both are in: the project's, or `src`. */
  readonly parent: string;
}

/** Finds `app` and `pages` as Next does: in the project's folder, else in `src`. */
export function findNextFolders(folder: string): NextFolders | undefined {
  const find = (name: string): string | undefined =>
    [join(folder, name), join(folder, 'src', name)].find((path) => existsSync(path));
  const app = find('app');
  const pages = find('pages');
  const parent = (pages ?? app) && dirname(pages ?? app ?? '');
  return parent === undefined ? undefined : { app, pages, parent };
}

/** Finds a file by its name, with any of these extensions. */
export function findFile(folder: string, name: string, extensions: readonly string[]): string | undefined {
  return extensions.map((extension) => join(folder, `${name}.${extension}`)).find((path) => existsSync(path));
}

/** Whether the App Router or the Pages Router has a file that answers requests of a path. */
export function hasRoute({ app, pages }: NextFolders, path: string, extensions: readonly string[]): boolean {
  const segments = path.split('/').filter((segment) => segment !== '');
  return (
    (app !== undefined && hasAppRoute(app, segments, extensions)) ||
    (pages !== undefined && hasPage(pages, segments, extensions))
  );
}

function hasAppRoute(folder: string, segments: readonly string[], extensions: readonly string[]): boolean {
  const [next, ...rest] = segments;
  if (next === undefined && findFile(folder, 'route', extensions)) return true;
  return subfoldersOf(folder).some((name) => {
    const path = join(folder, name);
    // A group, `(site)`, is no part of the path.
    if (/^\(.*\)$/.test(name)) return hasAppRoute(path, segments, extensions);
    if (/^\[+\.\.\./.test(name)) return hasAppRoute(path, [], extensions);
    return next !== undefined && isSegment(name, next) && hasAppRoute(path, rest, extensions);
  });
}

function hasPage(folder: string, segments: readonly string[], extensions: readonly string[]): boolean {
  const [next, ...rest] = segments;
  if (next === undefined) return findFile(folder, 'index', extensions) !== undefined;
  const files = readdirSync(folder).filter((name) =>
    extensions.some((extension) => name.endsWith(`.${extension}`)),
  );
  const names = files.map((name) => basename(name).replace(/\.[^.]*$/, ''));
  if (names.some((name) => /^\[+\.\.\./.test(name))) return true;
  if (rest.length === 0 && names.some((name) => isSegment(name, next))) return true;
  return subfoldersOf(folder).some(
    (name) => isSegment(name, next) && hasPage(join(folder, name), rest, extensions),
  );
}

function subfoldersOf(folder: string): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/** Whether a file or folder stands for a part of a path: by its name, or as a parameter, `[name]`. */
function isSegment(name: string, segment: string): boolean {
  return name === segment || /^\[[^\].]+\]$/.test(name);
}
