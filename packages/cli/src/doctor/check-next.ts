import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import semver from 'semver';
import { findPackage } from './find-package.js';
import type { Finding } from './finding.js';
import { loadNextConfig } from './next-config.js';
import { findFile, findNextFolders, findRoutes, type NextFolders, names } from './next-files.js';
import type { Project } from './project.js';

/** Earlier versions cannot load the browser's script by their configuration. */
const injectsFrom = '16.3.0-0';

const client = '@successeve/next/client';

const relayEntry = '@successeve/next/relay';

const defaultExtensions = ['tsx', 'ts', 'jsx', 'js'];

const shownLater = 'Only the first page of each visit is counted, and no navigation inside the browser.';

/** Checks the configuration of Next and the files of the adapter. */
export async function checkNext({ folder, packages }: Project): Promise<readonly Finding[]> {
  const next = findPackage('next', folder);
  const folders = findNextFolders(folder);
  if (!packages.some(({ name }) => name === '@successeve/next') || !next || !folders) return [];
  const loaded = await loadNextConfig(folder);
  if (loaded && 'problem' in loaded) return [unloadable(loaded.problem)];
  const { relay = null, basePath = '', pageExtensions = defaultExtensions } = loaded?.config ?? {};
  const relayPath = relay?.slice(basePath.length).replace(/\/$/, '') ?? '/api/successeve';
  return [
    loaded && relay === null ? noWithSuccessEve : undefined,
    checkRelay(folders, relayPath, pageExtensions),
    checkInstrumentation(folders, pageExtensions),
    semver.lt(next.version, injectsFrom) ? checkClient(folder, next.version, pageExtensions) : undefined,
  ].filter((finding) => finding !== undefined);
}

function unloadable(problem: string): Finding {
  return {
    severity: 'error',
    what: `Next cannot load its configuration: ${problem}`,
    why: 'The application does not build, and cannot be checked any further.',
    fix: 'Fix next.config, and run successeve doctor again.',
  };
}

const noWithSuccessEve: Finding = {
  severity: 'error',
  what: 'The configuration of Next does not pass through withSuccessEve.',
  why: `The script that reports navigations is not in the pages. ${shownLater}`,
  fix: "In next.config, import { withSuccessEve } from '@successeve/next/config', and export default withSuccessEve(nextConfig).",
};

function checkRelay(folders: NextFolders, path: string, extensions: readonly string[]): Finding | undefined {
  const { folder, app, parent } = folders;
  const found = findRoutes(folders, path, extensions);
  if (found.some((route) => names(route, relayEntry, folders))) return undefined;
  const file = app ? join(app, path, 'route.ts') : join(parent, 'pages', `${path}.ts`);
  const line = app
    ? "export { POST } from '@successeve/next/relay';"
    : "export { default } from '@successeve/next/relay/pages';";
  const [other] = found;
  if (other !== undefined) {
    // A route that also serves other paths stays unchanged: a separate route has precedence.
    const target = relative(folder, other).includes('[') ? file : other;
    return {
      // It may import the relay through a file that is not read here.
      severity: 'warning',
      what: `${relative(folder, other)} answers ${path}, to which the browser reports navigations, and does not name ${relayEntry}.`,
      why: `Unless it is the relay, the reports are lost. ${shownLater}`,
      fix: `Put this line into ${relative(folder, target)}: ${line} Or name another path: withSuccessEve(nextConfig, { relayPath }).`,
    };
  }
  return {
    severity: 'error',
    what: `The route ${path}, to which the browser reports navigations, is missing.`,
    why: `The reports are answered 404. ${shownLater}`,
    fix: `Create ${relative(folder, file)} with this line, or name another path: withSuccessEve(nextConfig, { relayPath }). ${line}`,
  };
}

function checkInstrumentation(folders: NextFolders, extensions: readonly string[]): Finding | undefined {
  const { folder, parent } = folders;
  const found = findFile([parent], 'instrumentation', extensions);
  if (found) {
    if (names(found, 'registerTracking', folders)) return undefined;
    return {
      // It may be called in a file that is not read here.
      severity: 'warning',
      what: `${relative(folder, found)} does not name registerTracking.`,
      why: 'Unless it is called from there, no page is counted, and track() records nothing.',
      fix: `In register() of ${relative(folder, found)}, call registerTracking(createTracker(), { identify }); both are imported from '@successeve/next'.`,
    };
  }
  const wrongFolders = [folder, join(folder, 'src'), join(parent, 'app'), join(parent, 'pages')];
  const misplaced = findFile(wrongFolders, 'instrumentation', extensions);
  const right = relative(folder, join(parent, 'instrumentation.ts'));
  return {
    severity: 'error',
    what: misplaced
      ? `${relative(folder, misplaced)} is not where Next looks for it: ${right}.`
      : `${right} is missing.`,
    why: 'registerTracking is never called: no page is counted, and track() records nothing.',
    fix: misplaced
      ? `Move it to ${right}: next to app and pages, not into them.`
      : `Create ${right}: import { createTracker, registerTracking } from '@successeve/next'; export function register() { registerTracking(createTracker(), { identify }); }`,
  };
}

function checkClient(folder: string, version: string, extensions: readonly string[]): Finding | undefined {
  const file = findFile([join(folder, 'src'), folder], 'instrumentation-client', extensions);
  if (file && readFileSync(file, 'utf8').includes(client)) return undefined;
  const line = "export { onRouterTransitionStart } from '@successeve/next/client';";
  return {
    // A file may import the script by way of another one.
    severity: file ? 'warning' : 'error',
    what: file
      ? `${relative(folder, file)} does not name ${client}.`
      : `instrumentation-client.ts, which Next ${version} needs, is missing.`,
    why: `Before Next 16.3, its configuration cannot add the script that reports navigations. ${shownLater}`,
    fix: `${file ? `Add to ${relative(folder, file)}` : 'Create instrumentation-client.ts in the folder of next.config, or in src,'} with the line: ${line}`,
  };
}
