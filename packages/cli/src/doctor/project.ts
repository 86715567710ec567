import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CommandError } from '@successeve/command-line';
import { findPackage, type InstalledPackage, type Manifest, readManifest } from './find-package.js';

/** The application that is looked at. */
export interface Project {
  /** Of its `package.json`. */
  readonly folder: string;
  readonly manifest: Manifest;
  /** Our packages that it names and finds, or, where it names none, all that it finds. */
  readonly packages: readonly InstalledPackage[];
}

const ours = ['core', 'express', 'koa', 'nestjs', 'next', 'sqlite', 'bullmq', 'testing'].map(
  (name) => `@successeve/${name}`,
);

export function isOurs(name: string): boolean {
  return ours.includes(name);
}

/** @throws CommandError where there is no project with our packages. */
export function readProject(cwd: string): Project {
  const folder = findFolder(cwd);
  if (folder === undefined) {
    throw new CommandError('There is no package.json here. Run it in the folder of your application.');
  }
  const manifest = readManifest(join(folder, 'package.json'));
  const declared = declaredNames(manifest).filter(isOurs);
  const isDeclared = declared.length > 0;
  // What is named nowhere may lie around for another application; where nothing is named, it is all there is to go by.
  const packages = (isDeclared ? declared : ours).flatMap((name) => findPackage(name, folder) ?? []);
  // At the root of a workspace, what is installed may be of any of its members.
  if (!isDeclared && (packages.length === 0 || isWorkspaceRoot(folder, manifest))) {
    throw new CommandError(
      `${join(folder, 'package.json')} names no package of SuccessEve. ` +
        'In a workspace, run it in the folder of the application; else install one, such as @successeve/express.',
    );
  }
  return { folder, manifest, packages };
}

/** What a `package.json` says is needed, however. */
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
