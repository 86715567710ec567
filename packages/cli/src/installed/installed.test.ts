import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { runCommand } from '../../test/command.js';

/** A project of a customer, in which packages of ours are installed. */
function newProject(...packages: string[]): string {
  const project = mkdtempSync(join(tmpdir(), 'successeve-project-'));
  onTestFinished(() => rmSync(project, { recursive: true, force: true }));
  mkdirSync(join(project, 'node_modules/@successeve'), { recursive: true });
  for (const name of packages) {
    const built = fileURLToPath(new URL(`../../../${name}`, import.meta.url));
    symlinkSync(built, join(project, 'node_modules/@successeve', name));
  }
  return project;
}

it.each([
  ['queue', '@successeve/sqlite'],
  ['relay', '@successeve/bullmq'],
])('%s names the package that it needs, where the project has none', async (command, from) => {
  const cwd = newProject();
  // Where pnpm runs the tests, Node would look in this repository as well.
  const options = { cwd, env: { NODE_PATH: '' } };
  const needs = `needs ${from}, which is not installed in ${cwd}: npm install ${from}`;
  const run = await runCommand([command, '--file', 'x'], options);
  expect(run).toMatchObject({ code: 1, out: '', err: expect.stringContaining(`error: this ${needs}`) });
  const help = await runCommand([command, '--help'], options);
  expect(help).toMatchObject({ code: 0, out: expect.stringContaining(needs), err: '' });
});

it.each([
  ['queue', 'sqlite', '--file'],
  ['relay', 'bullmq', '--redis'],
])(
  '%s is the command of the package in the project, by the name it was called',
  async (command, name, option) => {
    const cwd = newProject(name);
    const { code, out } = await runCommand([command, '--help'], { cwd });
    expect(code).toBe(0);
    expect(out).toContain(`successeve ${command}`);
    expect(out).toContain(option);
  },
);

it('hands over the arguments, and ends with the exit code of the package', async () => {
  const cwd = newProject('sqlite');
  const { code, err } = await runCommand(['queue', '--file', 'none.db'], { cwd });
  expect(code).toBe(1);
  expect(err).toContain('none.db');
});
