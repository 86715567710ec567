import { checkNext } from './check-next.js';
import { checkPackages } from './check-packages.js';
import { checkSecrets } from './check-secrets.js';
import { checkSettings } from './check-settings.js';
import type { Finding } from './finding.js';
import type { Project } from './project.js';
import { readSettings } from './settings.js';

/** Checks everything that is visible without running the application. */
export async function checkProject(
  project: Project,
  { version, env }: Pick<NodeJS.Process, 'version' | 'env'>,
): Promise<readonly Finding[]> {
  const settings = readSettings(project.folder, env);
  return [
    ...checkPackages(project, version),
    ...checkSettings(project, settings),
    ...(await checkSecrets(project.folder, settings)),
    ...(await checkNext(project)),
  ];
}
