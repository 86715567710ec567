import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';

/**
 * Checks the site as it was built: every link leads to a page that is there and, with a fragment, to a place on it; and
 * no page asks another server for anything. VitePress itself looks at pages alone, and not at fragments.
 */
const site = join(import.meta.dirname, '.vitepress/dist');

/** @type {Map<string, Set<string>>} */
const ids = new Map();
const pages = globSync('**/*.html', { cwd: site }).map((path) => path.replaceAll('\\', '/'));
const problems = [];

for (const page of pages) {
  const html = readFileSync(join(site, page), 'utf8');
  for (const [, tag = '', attribute, target = ''] of html.matchAll(
    /<(\w+)[^>]*?\s(href|src|srcset)="([^"]*)"/g,
  )) {
    if (target.startsWith('data:')) continue;
    if (/^[a-z]+:/.test(target) || target.startsWith('//')) {
      // A link waits for a click; anything else is fetched.
      if (tag !== 'a') problems.push(`${page}: <${tag} ${attribute}="${target}"> asks another server`);
    } else if (!leadsSomewhere(page, target)) problems.push(`${page}: nothing is at ${target}`);
  }
}
for (const style of globSync('assets/*.css', { cwd: site })) {
  for (const [, url] of readFileSync(join(site, style), 'utf8').matchAll(
    /(?:url\(|@import )["']?(https?:[^"')]*)/g,
  )) {
    problems.push(`${style}: asks for ${url}`);
  }
}

for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log(`${pages.length} pages: every link leads somewhere, and nothing is fetched from elsewhere.`);

/**
 * @param {string} page where the link is
 * @param {string} target
 */
function leadsSomewhere(page, target) {
  const [, path = '', fragment = ''] = /^([^#?]*)[^#]*#?(.*)$/.exec(target.replaceAll('&amp;', '&')) ?? [];
  let file = path === '' ? page : posix.join(path.startsWith('/') ? '' : dirname(page), decodeURI(path));
  file = file.replace(/^\//, '');
  if (file === '' || file.endsWith('/')) file += 'index.html';
  if (!existsSync(join(site, file))) return false;
  return (
    fragment === '' || !file.endsWith('.html') || idsOf(relative('', file)).has(decodeURIComponent(fragment))
  );
}

/** @param {string} file */
function idsOf(file) {
  const known = ids.get(file);
  if (known) return known;
  const html = readFileSync(join(site, file), 'utf8');
  const found = new Set([...html.matchAll(/\sid="([^"]*)"/g)].map(([, id = '']) => id));
  ids.set(file, found);
  return found;
}
