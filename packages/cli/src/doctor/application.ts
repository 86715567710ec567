import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { CommandError } from '@successeve/command-line';

/** How long an application may take to end, with what it has to deliver. */
const patienceMs = 10_000;

const lookEveryMs = 20;

/** The application, which runs as somebody runs it by hand. */
export class Application {
  readonly #child: ChildProcess;
  #hasEnded = false;
  /** Resolves when the process that the command started has ended, with how. */
  readonly ended: Promise<string>;

  /**
   * @param command - the program and its arguments
   * @throws CommandError where there is no such program, when `ended` is awaited.
   */
  constructor([program = '', ...args]: readonly string[], env: Readonly<Record<string, string>>) {
    this.#child = spawn(program, args, {
      env: { ...process.env, ...env },
      // What it prints is not what was found.
      stdio: ['ignore', process.stderr, process.stderr],
      // A group of its own: `npm run` starts a shell, which starts the application, and all of them have to end.
      detached: true,
    });
    this.ended = once(this.#child, 'exit').then(
      ([code, signal]) => (signal ? `by ${signal}` : `with exit code ${code}`),
      (error) => {
        throw new CommandError(`${program} cannot be started: ${(error as Error).message}`);
      },
    );
    // Whoever waits is told; nobody need wait.
    this.ended.catch(() => {});
  }

  /** Asks it to end, and makes it if it does not. */
  async stop(): Promise<void> {
    this.#signal('SIGTERM');
    const deadline = Date.now() + patienceMs;
    // Whoever started it, such as a shell, may be gone before it is; nobody tells when a group has ended.
    while (this.#signal(0) && Date.now() < deadline) await delay(lookEveryMs);
    this.#signal('SIGKILL');
    // Its number may be another one's from now on.
    this.#hasEnded = true;
  }

  /** Ends it at once: whoever asks twice does not want to wait. */
  kill(): void {
    this.#signal('SIGKILL');
  }

  /** @returns whether any of them is still there. */
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
