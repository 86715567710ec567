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
  return (await exampleIn(readmes[readme], '@successeve/express')) + rest;
}

/** The example for Hono in TypeScript, on a runtime's own server as the README says, with a page and somebody signed in. */
export async function honoApplication(serve: string): Promise<string> {
  const example = await exampleIn('packages/hono/README.md', '@successeve/hono');
  const parts = /^import \{ serve \}.*?;\n(.*?)(app\.post.*?)^serve\(app\);$/ms.exec(example);
  if (!parts) throw new Error(`expected serve and app.post in the example, got ${example}`);
  const [, before = '', routes = ''] = parts;
  return `${before}
app.use(async (c, next) => {
  c.set('user', { id: 'ada', orgId: 'acme' });
  await next();
});
app.get('/welcome', (c) => c.html('<h1>Welcome</h1>'));
${routes}${serve};`;
}

async function exampleIn(file: string, name: string): Promise<string> {
  const text = await readFile(join(root, file), 'utf8');
  for (const [, code = ''] of text.matchAll(/^```[jt]s\n(.*?)^```$/gms)) {
    if (code.includes(`from '${name}'`)) return code;
  }
  throw new Error(`expected an example of ${name} in ${file}`);
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
