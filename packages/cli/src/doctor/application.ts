import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { CommandError } from '@successeve/command-line';

/** How long an application may take to deliver its events and end. */
const patienceMs = 10_000;

const lookEveryMs = 20;

/** The application, started as by hand. */
export class Application {
  readonly #child: ChildProcess;
  #hasEnded = false;
  /** Resolves with how the process ended. */
  readonly ended: Promise<string>;

  /**
   * @param command - the program and its arguments
   * @throws CommandError through `ended`, where the program does not exist.
   */
  constructor([program = '', ...args]: readonly string[], env: Readonly<Record<string, string>>) {
    this.#child = spawn(program, args, {
      env: { ...process.env, ...env },
      // The standard output is for the findings.
      stdio: ['ignore', process.stderr, process.stderr],
      // A separate process group: `npm run` starts a shell, which starts the application, and all have to end.
      detached: true,
    });
    this.ended = once(this.#child, 'exit').then(
      ([code, signal]) => (signal ? `by ${signal}` : `with exit code ${code}`),
      (error) => {
        throw new CommandError(`${program} cannot be started: ${(error as Error).message}`);
      },
    );
    // The error is for those who await it.
    this.ended.catch(() => {});
  }

  /** Ends it with SIGTERM, and after a while with SIGKILL. */
  async stop(): Promise<void> {
    this.#signal('SIGTERM');
    const deadline = Date.now() + patienceMs;
    // The process that started it may end earlier, and a group has no event for its end.
    while (this.#signal(0) && Date.now() < deadline) await delay(lookEveryMs);
    this.#signal('SIGKILL');
    // The system may give its id to another process.
    this.#hasEnded = true;
  }

  kill(): void {
    this.#signal('SIGKILL');
  }

  /** @returns whether a process of the group is still there. */
  #signal(signal: NodeJS.Signals | 0): boolean {
    const { pid } = this.#child;
    if (pid === undefined || this.#hasEnded) return false;
    try {
      return process.kill(-pid, signal);
    } catch {
      return false;
    }
  }
}
