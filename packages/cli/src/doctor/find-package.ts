import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CommandError } from '@successeve/command-line';

/** The fields of a `package.json` that are read here. */
export interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly workspaces?: unknown;
  readonly engines?: { readonly node?: string };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  /** Its real path, links followed. */
  readonly folder: string;
  readonly manifest: Manifest;
}

/** Finds a package as Node does for an ES module in `folder`: in its `node_modules`, and in those of the folders above. */
export function findPackage(name: string, folder: string): InstalledPackage | undefined {
  // `require.resolve` would need an exported manifest, and finds more under pnpm (NODE_PATH).
  const path = join(folder, 'node_modules', name, 'package.json');
  if (existsSync(path)) {
    const manifest = readManifest(path);
    return { name, version: manifest.version ?? '', folder: dirname(realpathSync(path)), manifest };
  }
  const parent = dirname(folder);
  return parent === folder ? undefined : findPackage(name, parent);
}

/** @throws CommandError where it cannot be read. */
export function readManifest(path: string): Manifest {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new CommandError(`${path} cannot be read: ${(error as Error).message}`);
  }
}
