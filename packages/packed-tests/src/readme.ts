import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');

/** The READMEs that show an Express application, by where people read them. */
export const readmes = { 'the repository': 'README.md', npm: 'packages/express/README.md' } as const;

export type Readme = keyof typeof readmes;

/** What a customer has beside the example: a page, somebody who is signed in, and a port. */
const rest = `
import { createServer } from 'node:http';

app.get('/welcome', (_req, res) => {
  res.send('<h1>Welcome</h1>');
});

const server = createServer((req, res) => {
  app(Object.assign(req, { user: { id: 'ada', orgId: 'acme' } }), res);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(\`Ready at http://127.0.0.1:\${typeof address === 'object' ? address?.port : address}\`);
});
`;

/** What TypeScript has to know of that customer's users, as the types of passport tell it. */
export const userTypes = `
declare global {
  namespace Express {
    interface User {
      id: string;
      orgId: string;
    }
    interface Request {
      user?: User;
    }
  }
}
export {};
`;

/** An application made of a README's example, word for word. */
export async function applicationFrom(readme: Readme): Promise<string> {
  const text = await readFile(join(root, readmes[readme]), 'utf8');
  for (const [, code = ''] of text.matchAll(/^```[jt]s\n(.*?)^```$/gms)) {
    if (/from '@successeve\/express'/.test(code)) return code + rest;
  }
  throw new Error(`expected an example of @successeve/express in ${readmes[readme]}`);
}

/** The same in CommonJS, as whoever copies an example into such a project writes it. */
export function toCommonJs(code: string): string {
  return code.replace(/^import (.+) from ('.+');$/gm, 'const $1 = require($2);');
}
