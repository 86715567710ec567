import { PassThrough, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { counted, defineCommand, duration, printable, shellWord, size, table, UsageError } from './index.js';

const greet = defineCommand({
  usage: (name) => `Usage: ${name} --to <name>\n`,
  flags: { to: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  async run({ values: { to } }, output) {
    if (to === 'nobody') throw new Error('expected a\n  name');
    if (!to) throw new UsageError('--to: expected a name');
    await output.write(`Hello ${to}\n`);
  },
});

async function run(...args: string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const code = await greet(args, { name: 'greet', stdout, stderr });
  stdout.end();
  stderr.end();
  return { code, out: await text(stdout), err: await text(stderr) };
}

describe('a command', () => {
  it('runs, and shows its help by the name it was called by', async () => {
    expect(await run('--to', 'Ada')).toEqual({ code: 0, out: 'Hello Ada\n', err: '' });
    expect(await run('-h')).toEqual({ code: 0, out: 'Usage: greet --to <name>\n', err: '' });
  });

  it('reports a failure in one line, and a usage error with a reference to its help', async () => {
    expect(await run('--to', 'nobody')).toEqual({ code: 1, out: '', err: 'error: expected a name\n' });
    const usage = { code: 2, out: '', err: 'error: --to: expected a name\nTry greet --help.\n' };
    expect(await run()).toEqual(usage);
    expect(await run('--from', 'x')).toMatchObject({
      code: 2,
      err: "error: unknown option '--from'\nTry greet --help.\n",
    });
  });

  it('ends with success when its reader has gone', async () => {
    const stdout = new Writable({ write: (_, __, done) => done(new Error('EPIPE')), highWaterMark: 1 });
    const stderr = new PassThrough();
    expect(await greet(['--to', 'Ada'], { name: 'greet', stdout, stderr })).toBe(0);
    expect(stderr.read()).toBe(null);
  });
});

it('makes foreign text one line without control characters', () => {
  expect(printable('a\u001b[31m\u202egnp.exe\n  b\tc\u2028d  e\u0000')).toBe(
    'a\\u001b[31m\\u202egnp.exe b c d  e\\u0000',
  );
});

it('writes durations, sizes and counts in the largest units that are exact enough', () => {
  expect([-5, 0, 1, 59_001, 90_000, 3_600_000, 25 * 3_600_000].map(duration)).toEqual([
    ...['0 s', '0 s', '1 s', '1 min', '2 min', '1 h 0 min', '1 d 1 h'],
  ]);
  expect([512, 1536, 64 * 1024 ** 2].map(size)).toEqual(['512 B', '1.5 KiB', '64.0 MiB']);
  expect([counted(1, 'line'), counted(1200, 'line')]).toEqual(['1 line', '1,200 lines']);
});

it('lays out a table, numbers to the right', () => {
  expect(
    table([
      ['name', 'n'],
      ['a', 5],
      ['bcdef', 12],
    ]),
  ).toEqual(['  name   n\n', '  a       5\n', '  bcdef  12\n']);
});

it('quotes a word for a shell where it has to', () => {
  expect(['a.csv', "it's", '', 'a b', '$x'].map(shellWord)).toEqual([
    'a.csv',
    "'it'\\''s'",
    "''",
    "'a b'",
    "'$x'",
  ]);
});
