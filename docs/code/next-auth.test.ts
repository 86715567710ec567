import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { blocksOf } from './blocks.js';

const root = join(import.meta.dirname, '../..');
const folder = join(import.meta.dirname, '../.code-run');

/** What both majors export. Their `encode` differ in whether the cookie's name is a part of the key. */
interface Jwt {
  encode(params: { token: object; secret: string; salt?: string }): Promise<string>;
}

/** What a snippet passes to `registerTracking`. */
interface Options {
  identify(request: { headers: Headers; cookies: Map<string, string>; url: URL }): Promise<unknown>;
}

it.each([
  ['// Auth.js 5', 'next-auth-5', 'AUTH_SECRET', 'authjs.session-token'],
  ['// next-auth 4', 'next-auth', 'NEXTAUTH_SECRET', 'next-auth.session-token'],
])('the snippet "%s" knows who is signed in', async (start, library, variable, cookieName) => {
  vi.stubEnv(variable, 'a secret for this test');
  const { encode } = (await import(`${library}/jwt`)) as Jwt;
  const { identify } = await runSnippet(start, library);

  for (const [scheme, name] of [
    ['http', cookieName],
    ['https', `__Secure-${cookieName}`],
  ] as const) {
    const salt = library === 'next-auth-5' ? { salt: name } : {};
    const session = await encode({ token: { sub: 'ada' }, secret: 'a secret for this test', ...salt });
    const request = (value: string): Parameters<Options['identify']>[0] => ({
      headers: new Headers({ cookie: `${name}=${value}` }),
      cookies: new Map([[name, value]]),
      url: new URL(`${scheme}://app.example.com/`),
    });
    expect(await identify(request(session))).toEqual({ contactUid: 'ada' });
    expect(await identify(request('forged'))).toBeNull();
  }
});

/** Runs a block of the README of Next as it stands, with one major of its library. */
async function runSnippet(start: string, library: string): Promise<Options> {
  const block = blocksOf(root, 'packages/next/README.md').find(({ lines }) => lines[0]?.startsWith(start));
  if (!block) throw new Error(`expected a block that starts with ${start}`);
  const path = join(folder, `${library}.ts`);
  mkdirSync(folder, { recursive: true });
  const code = block.lines.join('\n').replace("'next-auth/jwt'", `'${library}/jwt'`);
  writeFileSync(path, `const tracker = {};\nexport let options;\n${stub}\n${code}\n`);
  return ((await import(path)) as { options: Options }).options;
}

const stub = 'const registerTracking = (_tracker, passed) => { options = passed; };';
