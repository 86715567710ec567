import semver from 'semver';
import { findPackage, type InstalledPackage } from './find-package.js';
import { type Finding, list } from './finding.js';
import { declaredNames, isOurs, type Project } from './project.js';

/** Checks that the packages are complete, and match each other, their frameworks and this Node. */
export function checkPackages(project: Project, nodeVersion: string): readonly Finding[] {
  const copies = findCopies(project.packages);
  return [
    findNotInstalled(project),
    findDifferentVersions(project, copies),
    ...copies.map((copy) => findWrongNode(copy, nodeVersion)),
    ...project.packages.filter(isOfRuntime).flatMap((installed) => findWrongPeers(installed, project)),
    ...copies.flatMap(findMissingDependencies),
  ].filter((finding) => finding !== undefined);
}

/** A package for tests does nothing at run time. */
function isOfRuntime({ name }: InstalledPackage): boolean {
  return name !== '@successeve/testing';
}

/** All copies of the packages: those that the project resolves, and those that these resolve in turn. */
function findCopies(packages: readonly InstalledPackage[]): readonly InstalledPackage[] {
  const copies = new Map<string, InstalledPackage>();
  const add = (installed: InstalledPackage): void => {
    if (copies.has(installed.folder)) return;
    copies.set(installed.folder, installed);
    for (const name of Object.keys(installed.manifest.dependencies ?? {}).filter(isOurs)) {
      const found = findPackage(name, installed.folder);
      if (found) add(found);
    }
  };
  packages.forEach(add);
  return [...copies.values()];
}

function findNotInstalled({ manifest, packages }: Project): Finding | undefined {
  const missing = declaredNames(manifest).filter(
    (name) => isOurs(name) && !packages.some((installed) => installed.name === name),
  );
  if (missing.length === 0) return undefined;
  return {
    severity: 'error',
    what: `package.json names ${list(missing)}, but it is not installed.`,
    why: 'The application fails as soon as it is built with it, or imports it.',
    fix: 'Install what package.json names: npm install, pnpm install or yarn.',
  };
}

function findDifferentVersions(
  { manifest }: Project,
  copies: readonly InstalledPackage[],
): Finding | undefined {
  const versions = new Set(copies.map(({ version }) => version));
  if (versions.size <= 1) return findTwoCores(copies);
  const cores = new Set(
    copies.filter(({ name }) => name === '@successeve/core').map(({ version }) => version),
  );
  const declared = declaredNames(manifest).filter(isOurs);
  const newest = semver.rsort([...versions])[0];
  return {
    severity: cores.size > 1 ? 'error' : 'warning',
    what: `The packages of SuccessEve do not match: ${copies.map(({ name, version }) => `${name} ${version}`).join(', ')}.`,
    why:
      cores.size > 1
        ? 'A tracker of one version meets an adapter of another, and the features that only one of them has are silently lost.'
        : 'They are released and tested together, in one version.',
    fix: `Give all of them one version: npm install ${declared.map((name) => `${name}@${newest}`).join(' ')}`,
  };
}

/** Bundlers and package managers may install one version twice. */
function findTwoCores(copies: readonly InstalledPackage[]): Finding | undefined {
  const folders = copies.filter(({ name }) => name === '@successeve/core').map(({ folder }) => folder);
  if (folders.length <= 1) return undefined;
  return {
    severity: 'warning',
    what: `@successeve/core is installed ${folders.length} times: ${list(folders)}.`,
    why: 'At run time they work together. In TypeScript, an event catalogue that is registered with one is unknown to the other.',
    fix: 'Have one copy: npm dedupe, pnpm dedupe or yarn dedupe. Or import everything from the adapter, which exports the core too.',
  };
}

function findWrongNode(
  { name, version, manifest }: InstalledPackage,
  nodeVersion: string,
): Finding | undefined {
  const range = manifest.engines?.node;
  if (!range || semver.satisfies(nodeVersion, range, { includePrerelease: true })) return undefined;
  return {
    severity: 'error',
    what: `${name} ${version} needs Node ${range}, and this is ${nodeVersion}.`,
    why: 'It uses features that this Node lacks, and fails when it is imported or used.',
    fix: `Run the application on Node ${range}, and set "engines" in your package.json.`,
  };
}

function findWrongPeers(
  { name, version, manifest }: InstalledPackage,
  { folder }: Project,
): readonly (Finding | undefined)[] {
  const { peerDependencies = {}, peerDependenciesMeta = {} } = manifest;
  return Object.entries(peerDependencies).map(([peer, range]): Finding | undefined => {
    // Types do not matter at run time.
    if (peer.startsWith('@types/')) return undefined;
    const found = findPackage(peer, folder);
    if (!found && peerDependenciesMeta[peer]?.optional) return undefined;
    if (found && semver.satisfies(found.version, range, { includePrerelease: true })) return undefined;
    return {
      severity: 'error',
      what: `${name} ${version} works with ${peer} ${range}, and ${found ? `this is ${found.version}` : 'it is not installed'}.`,
      why: 'It reads requests and responses as those versions have them; with another, pages may be missed, counted twice or not at all.',
      fix: `Install one that it works with: npm install "${peer}@${range}"`,
    };
  });
}

function findMissingDependencies({ name, folder, manifest }: InstalledPackage): readonly Finding[] {
  const missing = Object.keys(manifest.dependencies ?? {}).filter(
    (dependency) => !findPackage(dependency, folder),
  );
  return missing.map((dependency) => ({
    severity: 'error',
    what: `${dependency}, which ${name} needs, is not installed.`,
    why:
      dependency === 'isbot'
        ? 'Without it no bot is recognised, and the pages that crawlers fetch count as visits.'
        : `${name} fails as soon as it is imported or used.`,
    fix: 'Delete node_modules and install again. In a bundle or a container, include the dependencies of dependencies.',
  }));
}
