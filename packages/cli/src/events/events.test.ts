import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { runCommand } from '../../test/command.js';

const zod = pathToFileURL(createRequire(import.meta.url).resolve('zod'));

/** A module of an application. @returns its path. */
function moduleFile(source: string, name = 'events.mjs'): string {
  const folder = mkdtempSync(join(tmpdir(), 'successeve-events-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, name);
  writeFileSync(path, source);
  return path;
}

const catalogue = `
  import { z } from ${JSON.stringify(zod.href)};
  export const events = {
    user_registration: {
      displayName: 'Registration <new>',
      params: z.object({
        plan: z.enum(['free', 'pro']).describe('free | pro'),
        seats: z.number().int().optional(),
        tags: z.array(z.string()),
        coupon: z.string().nullable(),
      }),
    },
    user_signed_in: {},
  };`;

it('prints a catalogue as a tracking plan', async () => {
  const { code, out } = await runCommand(['events', moduleFile(catalogue)]);
  expect(code).toBe(0);
  expect(out).toBe(`# Tracking plan

| event | name for people | params |
| --- | --- | --- |
| [\`user_registration\`](#user_registration) | Registration \\<new\\> | plan, seats, tags, coupon |
| [\`user_signed_in\`](#user_signed_in) |  | any |

## user_registration

Registration \\<new\\>

| param | type |  |  |
| --- | --- | --- | --- |
| \`plan\` | \`"free"\`, \`"pro"\` | required | free \\| pro |
| \`seats\` | integer | optional |  |
| \`tags\` | list of string | required |  |
| \`coupon\` | string or null | required |  |

## user_signed_in

Any params: there is no schema, or one that cannot be described.
`);
});

it('prints a catalogue as JSON Schema', async () => {
  const { code, out, err } = await runCommand(['events', moduleFile(catalogue), '--json-schema']);
  expect(code).toBe(0);
  expect(err).toBe('Left out, without a schema that can be described: user_signed_in\n');
  expect(JSON.parse(out)).toMatchObject({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $defs: {
      user_registration: {
        title: 'Registration <new>',
        type: 'object',
        properties: { plan: { enum: ['free', 'pro'] } },
        required: ['plan', 'tags', 'coupon'],
      },
    },
  });
});

it.each([
  ['by default', 'export default { signed_in: {} };', 'events.mjs', []],
  ['by CommonJS', 'exports.events = { signed_in: {} };', 'events.cjs', []],
  ['by another name', 'export const tracked = { signed_in: {} };', 'events.mjs', ['--export', 'tracked']],
])('finds a catalogue that is exported %s', async (_, source, name, options) => {
  const { code, out } = await runCommand(['events', moduleFile(source, name), ...options]);
  expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('## signed_in') });
});

it.each([
  [
    'exports something else',
    'export const others = {};',
    'expected an export "events" or a default one, got others',
  ],
  [
    'exports no catalogue',
    'export const events = { "Signed In": {} };',
    'events.Signed In: expected a snake_case name such as user_registration',
  ],
  ['throws', 'throw new Error("no database");', 'could not be imported: no database'],
])('reports what is wrong with a module that %s', async (_, source, problem) => {
  const path = moduleFile(source);
  const { code, err } = await runCommand(['events', path]);
  expect(code).toBe(1);
  expect(err).toContain(`error: ${path}`);
  expect(err).toContain(problem);
});

it('reports where a module fails, without our own files', async () => {
  const path = moduleFile('\n\nthrow new Error("no database");');
  expect((await runCommand(['events', path])).err).toBe(
    `error: ${path} could not be imported: no database (${path}:3)\n`,
  );
  const broken = moduleFile('export const events = {\n  signed_in: {{},\n};');
  expect((await runCommand(['events', broken])).err).toMatch(
    /could not be imported: .*\(\/.*events\.mjs:2\)\n$/,
  );
});

it('reports that a module is not there', async () => {
  expect(await runCommand(['events', 'nowhere.mjs'])).toMatchObject({
    code: 1,
    err: 'error: nowhere.mjs: file not found\n',
  });
});

it('names the export that is not a catalogue', async () => {
  const path = moduleFile('export const tracked = { "Signed In": {} };');
  const { err } = await runCommand(['events', path, '--export', 'tracked']);
  expect(err).toContain(`error: ${path}: tracked.Signed In: expected a snake_case name`);
});
