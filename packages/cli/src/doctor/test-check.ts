import { expect } from 'vitest';
import { createProject, type ProjectParts } from '../../test/project.js';
import { checkProject } from './check-project.js';
import type { Finding } from './finding.js';
import { readProject } from './project.js';
/** Such as real tokens are. Made up here, so that no file of this repository holds it. */
export const token: string = Array.from({ length: 4 }, (_, index) =>
  (0xa7c3e + index * 7919).toString(16),
).join('');

export const env: NodeJS.ProcessEnv = { SUCCESSEVE_API_TOKEN: token };

export async function check(
  folder: string,
  machine: { version?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<readonly Finding[]> {
  const findings = await checkProject(readProject(folder), { version: 'v24.0.0', env, ...machine });
  // No finding has the token in it.
  expect(JSON.stringify(findings)).not.toContain(token);
  return findings;
}

export async function checkParts(parts: ProjectParts): Promise<readonly Finding[]> {
  return check(await createProject(parts));
}

/** A `package.json` that names packages. */
export function naming(...packages: string[]): string {
  return JSON.stringify({ dependencies: Object.fromEntries(packages.map((name) => [name, '*'])) });
}

export const express: ProjectParts = { packages: ['@successeve/express', 'express'] };

export const nest: Required<Pick<ProjectParts, 'packages'>> = {
  packages: ['@successeve/nestjs', '@nestjs/common', '@nestjs/core', 'reflect-metadata', 'rxjs'],
};

export const nextPackages: readonly string[] = ['@successeve/next', 'next', 'react', 'react-dom'];

export const nextFiles = {
  'next.config.mjs': `import { withSuccessEve } from '@successeve/next/config';
export default withSuccessEve({});`,
  'app/page.jsx': 'export default () => null;',
  'app/api/successeve/route.js': "export { POST } from '@successeve/next/relay';",
  'instrumentation.js': "import { registerTracking } from '@successeve/next';",
};
