import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CommandError } from '@successeve/command-line';
import { findPackage, type InstalledPackage, type Manifest, readManifest } from './find-package.js';

/** The application that is checked. */
export interface Project {
  /** Of its `package.json`. */
  readonly folder: string;
  readonly manifest: Manifest;
  /** The packages of SuccessEve that it declares, or, where it declares none, all that are installed. */
  readonly packages: readonly InstalledPackage[];
}

const ours = [
  'core',
  'express',
  'koa',
  'fastify',
  'hono',
  'nestjs',
  'next',
  'browser',
  'sqlite',
  'bullmq',
  'testing',
].map((name) => `@successeve/${name}`);

export function isOurs(name: string): boolean {
  return ours.includes(name);
}

/** @throws CommandError where the project has no package of SuccessEve. */
export function readProject(cwd: string): Project {
  const folder = findFolder(cwd);
  if (folder === undefined) {
    throw new CommandError(
      'package.json is missing in this folder and in those above it. Run the doctor in the folder of your application.',
    );
  }
  const manifest = readManifest(join(folder, 'package.json'));
  const declared = declaredNames(manifest).filter(isOurs);
  const isDeclared = declared.length > 0;
  // An undeclared package may belong to another application; without declarations there is no better evidence.
  const packages = (isDeclared ? declared : ours).flatMap((name) => findPackage(name, folder) ?? []);
  // At the root of a workspace, an installed package may belong to any member.
  if (!isDeclared && (packages.length === 0 || isWorkspaceRoot(folder, manifest))) {
    throw new CommandError(
      `${join(folder, 'package.json')} names no package of SuccessEve. ` +
        'In a workspace, run it in the folder of the application; else install one, such as @successeve/express.',
    );
  }
  return { folder, manifest, packages };
}

export function declaredNames(manifest: Manifest): readonly string[] {
  const { dependencies, devDependencies, optionalDependencies, peerDependencies } = manifest;
  return Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies, ...peerDependencies });
}

function findFolder(cwd: string): string | undefined {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

function isWorkspaceRoot(folder: string, manifest: Manifest): boolean {
  return manifest.workspaces !== undefined || existsSync(join(folder, 'pnpm-workspace.yaml'));
}
