import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { machineNode } from './lib/machine-node.mjs';
import { exampleNames, root } from './lib/repository.mjs';
import manifest from './package.json' with { type: 'json' };

it('has every example built before it is run', () => {
  const names = exampleNames().map((name) => `@successeve/example-${name}`);
  expect(Object.keys(manifest.devDependencies)).toEqual(expect.arrayContaining(names));
});

// The product as people meet it, on the Node that they have.
it.each(exampleNames())('npm start -- %s --once finds everything as expected', async (name) => {
  const command = [join(root, 'scripts/start.mjs'), name, '--once', '--built'];
  const { stdout } = await promisify(execFile)(machineNode, command).catch((error) => error);
  expect(stdout).toContain('Everything is as expected');
});
