import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';

/** A file of the page, in memory. */
export interface PageFile {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly headers: Readonly<Record<string, string>>;
}

/** The files of the page by their path. */
export type PageFiles = ReadonlyMap<string, PageFile>;

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** Their names hold a hash of their content. */
const assets = '/assets/';

/** Shown where the package was not built as it is published. */
const notBuilt = `<!doctype html>
<meta charset="utf-8">
<title>successeve dev</title>
<p>The API is running, but its page was not built: run <code>npm run build</code> in packages/cli.</p>
`;

/** Reads the page, once: what is read later could be another version's. */
export async function readPageFiles(folder: string): Promise<PageFiles> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const files = new Map<string, PageFile>();
  await Promise.all(
    names
      .filter((name) => extname(name) in contentTypes)
      .map(async (name) => {
        const path = `/${name.split(sep).join('/')}`;
        files.set(path, pageFile(path, await readFile(join(folder, name))));
      }),
  );
  if (!files.has('/index.html')) files.set('/index.html', pageFile('/index.html', Buffer.from(notBuilt)));
  return files;
}

function pageFile(path: string, content: Buffer): PageFile {
  return {
    body: new Uint8Array(content),
    headers: {
      'content-type': contentTypes[extname(path)] ?? '',
      'cache-control': path.startsWith(assets) ? 'public, max-age=31536000, immutable' : 'no-cache',
      // Weak, since the page is sent compressed or not.
      etag: `W/"${createHash('sha256').update(content).digest('base64url')}"`,
    },
  };
}
