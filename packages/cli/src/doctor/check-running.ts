import { once } from 'node:events';
import { CommandError } from '@successeve/command-line';
import { DevApi } from '../dev/api/dev-api.js';
import { noFaults } from '../dev/api/faults.js';
import { startDevServer } from '../dev/serve/server.js';
import { onSignal } from '../signals.js';
import { Application } from './application.js';
import { checkReports, summarise } from './check-reports.js';
import type { Finding } from './finding.js';
import { Visits } from './visits.js';

/**
 * Starts the application with an API on this machine, and checks its reports while it is visited: by `--visit`, or by
 * the user.
 *
 * @param cookies - those of the person who visits
 * @throws CommandError where it does not start, or cannot be visited; and on Windows.
 */
export async function checkRunning(
  command: readonly string[],
  urls: readonly URL[],
  cookies: readonly string[],
  print: (text: string) => void,
): Promise<readonly Finding[]> {
  // Windows has no groups of processes, and so no way to end everything that was started.
  if (process.platform === 'win32') {
    throw new CommandError('On Windows, successeve doctor cannot start an application; use WSL.');
  }
  const devApi = new DevApi({ faults: noFaults });
  const server = await startDevServer(devApi, { host: '127.0.0.1', port: 0 });
  // The options of `createTracker` win over them.
  const application = new Application(command, {
    SUCCESSEVE_API_URL: server.url,
    SUCCESSEVE_API_TOKEN: 'successeve-doctor',
    SUCCESSEVE_DEBUG: '1',
  });
  const stopping = new AbortController();
  const forget = onSignal(
    () => stopping.abort(),
    () => application.kill(),
  );
  try {
    if (urls.length === 0) print('Click through your application, and sign in. Ctrl-C ends it.\n');
    const unreported = await (urls.length > 0
      ? visit(application, urls, cookies, devApi, stopping.signal)
      : wait(application, stopping.signal));
    await application.stop();
    const entries = devApi.store.entriesAfter(0);
    // Visits without a cookie are anonymous.
    const areOurs = urls.length > 0;
    const isSignedIn = urls.length === 0 || cookies.length > 0;
    print(`Reported: ${summarise(entries, areOurs)}\n`);
    return checkReports(entries, { areOurs, isSignedIn, unreported });
  } finally {
    await application.stop();
    await server.close();
    devApi.close();
    forget();
  }
}

async function visit(
  application: Application,
  urls: readonly URL[],
  cookies: readonly string[],
  devApi: DevApi,
  stop: AbortSignal,
): Promise<readonly string[]> {
  const ending = new AbortController();
  const visits = new Visits(cookies, devApi, AbortSignal.any([stop, ending.signal]));
  const ended = application.ended.then((how) => {
    throw new CommandError(`The application ended ${how}, before it could be visited.`);
  });
  try {
    await Promise.race([ended, visits.make(urls)]);
    return [...visits.unreported];
  } catch (error) {
    if (stop.aborted) return [];
    throw error;
  } finally {
    ending.abort();
  }
}

/** Waits until the application ends, or the user ends it. */
async function wait(application: Application, signal: AbortSignal): Promise<readonly string[]> {
  await Promise.race([application.ended, once(signal, 'abort')]);
  return [];
}
