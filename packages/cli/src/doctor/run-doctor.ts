import type { ExitCode } from '@successeve/command-line';
import { dim } from '../styles.js';
import { checkProject } from './check-project.js';
import { bySeverity, countFindings, printFinding } from './finding.js';
import { type Project, readProject } from './project.js';

export interface DoctorCommandOptions {
  readonly visit?: readonly URL[];
  readonly cookie?: readonly string[];
}

/** Looks for faults in the project and, where a command starts the application, in its reports. */
export async function runDoctor(
  command: readonly string[],
  { visit = [], cookie = [] }: DoctorCommandOptions,
): Promise<ExitCode> {
  const project = readProject(process.cwd());
  print(`${introduce(project)}\n`);
  const findings = [...(await checkProject(project, process))];
  if (command.length > 0) {
    const { checkRunning } = await import('./check-running.js');
    findings.push(...(await checkRunning(command, visit, cookie, print)));
  }
  for (const finding of bySeverity(findings)) {
    print(`${printFinding(finding, process.stdout.columns ?? Number.POSITIVE_INFINITY)}\n`);
  }
  print(findings.length > 0 ? countFindings(findings) : 'No faults found.');
  if (command.length === 0) print(`\n${hint}`);
  return findings.some(({ severity }) => severity === 'error') ? 1 : 0;
}

const hint = dim(
  'Whether the adapter is mounted correctly shows only while the application runs: successeve doctor -- npm run dev',
);

function introduce({ folder, packages }: Project): string {
  const versions = packages.map(({ name, version }) => `${name} ${version}`);
  return `${folder}: ${[...versions, `Node ${process.version.slice(1)}`].join(', ')}`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
