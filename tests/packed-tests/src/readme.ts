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

/** An application made of a README's example, word for word. */
export async function applicationFrom(readme: Readme): Promise<string> {
  const text = await readFile(join(root, readmes[readme]), 'utf8');
  for (const [, code = ''] of text.matchAll(/^```[jt]s\n(.*?)^```$/gms)) {
    if (/from '@successeve\/express'/.test(code)) return code + rest;
  }
  throw new Error(`expected an example of @successeve/express in ${readmes[readme]}`);
}

/** The same in TypeScript, with what the README adds for it. */
export async function typedApplicationFrom(readme: Readme): Promise<string> {
  const text = await readFile(join(root, readmes[readme]), 'utf8');
  const declarations = [...text.matchAll(/^```ts\n(declare global.*?)^```$/gms)].map(([, code = '']) => code);
  const types = declarations.find((code) => code.includes('interface Request'));
  if (!types) throw new Error(`expected a declaration of req.user in ${readmes[readme]}`);
  return (await applicationFrom(readme)) + types;
}

/** The same in CommonJS, as whoever copies an example into such a project writes it. */
export function toCommonJs(code: string): string {
  return code.replace(/^import (.+) from ('.+');$/gm, 'const $1 = require($2);');
}
