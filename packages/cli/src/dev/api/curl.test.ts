import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { curlFor } from './curl.js';

const url = 'http://127.0.0.1:4319';
const details = { id: 1, at: 0, method: 'POST', target: '/v1/track/event', headers: [], body: '{}' };

/** The words that a shell makes of a command. */
function wordsOf(command: string, env: object = { SUCCESSEVE_API_TOKEN: 'tok $x' }): string[] {
  const script = command.replace(/^curl/, "printf '%s\\0'");
  return execFileSync('/bin/sh', ['-c', script], { env: { ...env }, encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);
}

it('repeats any request in a shell', () => {
  const body = `{"a":"it's $HOME \`id\` \\"!\\"\n"}`;
  const headers = [
    ['Host', '127.0.0.1:4319'],
    ['Authorization', 'Basic ***'],
    ['Content-Type', 'application/json'],
    ['Content-Length', '5'],
    ['Accept-Language', '*'],
    ['Sec-Fetch-Mode', 'cors'],
    ['X-Note', "it's; rm -rf $HOME"],
  ] as const;
  expect(wordsOf(curlFor(url, { ...details, headers, body }, false))).toEqual([
    '-X',
    'POST',
    `${url}/v1/track/event`,
    '-u',
    'tok $x:',
    '-H',
    'Content-Type: application/json',
    '-H',
    "X-Note: it's; rm -rf $HOME",
    '--data-raw',
    body,
  ]);
});

it('has the token as a variable wherever it was shown', () => {
  const target = "/v1/track/event?a='&api_token=***&b=1";
  expect(wordsOf(curlFor(url, { ...details, target }, false))[2]).toBe(
    `${url}/v1/track/event?a='&api_token=tok $x&b=1`,
  );
  const headers = [['authorization', 'Bearer ***']] as const;
  expect(wordsOf(curlFor(url, { ...details, headers }, false))).toContain('Authorization: Bearer tok $x');
});

it('needs no variable where any token will do', () => {
  const headers = [['authorization', 'Basic ***']] as const;
  const command = curlFor(url, { ...details, target: '/v1/batch?api_token=***', headers }, true);
  expect(wordsOf(command, {}).slice(2, 5)).toEqual([`${url}/v1/batch?api_token=anything`, '-u', 'anything:']);
  expect(wordsOf(command).slice(3, 5)).toEqual(['-u', 'tok $x:']);
});

it('takes a body from a file that is too long for a command line', () => {
  const words = wordsOf(curlFor(url, { ...details, body: 'x'.repeat(200_000) }, false));
  expect(words.slice(-2)).toEqual(['--data-binary', '@body.json']);
});

it('shows control characters as escapes, and sends them as they came', () => {
  const headers = [['X-Note', "rtl_\u202Egnp.exe 100% \\ it's"]] as const;
  const body = '{"contact_uid":"rtl_\u202Egnp.exe"}';
  const command = curlFor(url, { ...details, headers, body }, false);
  expect(command).not.toMatch(/[\p{Bidi_Control}]/u);
  const [header, , sent = ''] = wordsOf(command).slice(-3);
  expect(header).toBe("X-Note: rtl_\u202Egnp.exe 100% \\ it's");
  expect(sent).toBe('{"contact_uid":"rtl_\\u202egnp.exe"}');
  expect(JSON.parse(sent)).toEqual(JSON.parse(body));
  const notJson = wordsOf(curlFor(url, { ...details, body: 'a\u202Eb' }, false));
  expect(notJson.at(-1)).toBe('a\u202Eb');
});
