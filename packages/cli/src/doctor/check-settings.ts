import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as Core from '@successeve/core';
import { findPackage } from './find-package.js';
import type { Finding } from './finding.js';
import type { Project } from './project.js';
import { isLoopbackUrl, type SettingName, type Settings } from './settings.js';

/** Checks that a tracker accepts the token and the URL, by creating one with the project's own core. */
export function checkSettings(project: Project, settings: readonly Settings[]): readonly Finding[] {
  const core = loadCore(project);
  return [
    ...settings.flatMap((some) => checks.map((check) => core && tryOut(core, some, check))),
    ...settings.map(findLocalInProduction),
    findNoToken(project, settings),
  ].filter((finding) => finding !== undefined);
}

/** How to try a setting, and how to fix one that a tracker does not accept. */
interface Check {
  readonly name: SettingName;
  options(value: string): Core.TrackerOptions;
  readonly fix: string;
}

const checks: readonly Check[] = [
  {
    name: 'SUCCESSEVE_API_URL',
    options: (apiUrl) => ({ apiUrl, enabled: false }),
    fix: 'Remove it, and the API is at https://api.successeve.com. Set it only for another one, such as that of successeve dev on this machine.',
  },
  {
    name: 'SUCCESSEVE_API_TOKEN',
    options: (apiToken) => ({ apiToken, apiUrl: 'https://api.successeve.com' }),
    fix: 'Copy the token again from the settings of your SuccessEve account, without quotes or spaces around it. A secret that is read from a file often ends with a line break: trim it.',
  },
];

function tryOut(
  core: typeof Core,
  { values, where }: Settings,
  { name, options, fix }: Check,
): Finding | undefined {
  const value = values[name];
  const problem = value && problemOf(core, options(value));
  if (!problem) return undefined;
  return {
    severity: 'error',
    what: `${where(name)} cannot be used: ${problem}.`,
    why: 'createTracker throws, so the application does not start, or nothing is tracked.',
    fix,
  };
}

/** The core of the project, or that of its adapter. */
function loadCore({ folder, packages }: Project): typeof Core | undefined {
  const folders = [folder, ...packages.map((installed) => installed.folder)];
  const found = folders.map((one) => findPackage('@successeve/core', one)).find((core) => core !== undefined);
  try {
    return found && createRequire(join(found.folder, 'package.json'))('@successeve/core');
  } catch {
    // It is incomplete, which is another finding.
    return undefined;
  }
}

/** The message of the error for invalid options. */
function problemOf({ createTracker }: typeof Core, options: Core.TrackerOptions): string | undefined {
  try {
    void createTracker({ flushOnExit: false, debug: false, ...options }).close();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function findLocalInProduction({ file, values, where }: Settings): Finding | undefined {
  const { SUCCESSEVE_API_URL: url } = values;
  if (!file?.startsWith('.env.production') || !url || !isLoopbackUrl(url)) return undefined;
  return {
    severity: 'warning',
    what: `${where('SUCCESSEVE_API_URL')} is on the machine itself.`,
    why: 'In production nothing reaches SuccessEve, unless a program on the machine forwards it.',
    fix: 'Remove it, and the API is at https://api.successeve.com. For successeve dev, set it in .env.development.',
  };
}

function findNoToken({ packages }: Project, settings: readonly Settings[]): Finding | undefined {
  const name: SettingName = 'SUCCESSEVE_API_TOKEN';
  // A front end on its own reports to a server, which has the token.
  if (packages.length > 0 && packages.every((installed) => installed.name === '@successeve/browser')) return;
  if (settings.some(({ values }) => values[name])) return undefined;
  return {
    severity: 'warning',
    what: `${name} is set neither in the environment nor in a .env file here.`,
    why: 'Unless your code gets the token from elsewhere, createTracker throws and nothing is tracked.',
    fix: `Set ${name} wherever the application runs. During development any value will do, with SUCCESSEVE_API_URL for successeve dev.`,
  };
}
