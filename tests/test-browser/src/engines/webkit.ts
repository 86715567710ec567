import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Engine, Tab } from './engine.js';
import { executableOf } from './executables.js';
import { inNextTurn } from './in-next-turn.js';
import { command, WebDriverSession } from './web-driver.js';

/** WebKitGTK's own small browser, driven over WebDriver, on a display that nobody sees. */
export async function openWebKit(): Promise<Engine> {
  const driver = executableOf('webkit');
  const display = await startDisplay();
  const open = new Set<WebKitTab>();
  return {
    name: 'webkit',
    openTab: async () => {
      const tab = await WebKitTab.open(driver, display.name, () => open.delete(tab));
      open.add(tab);
      return tab;
    },
    close: async () => {
      await Promise.all([...open].map((tab) => tab.close()));
      await stop(display.process);
    },
  };
}

class WebKitTab implements Tab {
  /** The protocol does not report them. */
  readonly errors: readonly string[] = [];
  readonly #driver: ChildProcess;
  readonly #session: WebDriverSession;
  readonly #onClose: () => void;

  private constructor(driver: ChildProcess, session: WebDriverSession, onClose: () => void) {
    this.#driver = driver;
    this.#session = session;
    this.#onClose = onClose;
  }

  /** A driver has one session at a time, so each tab has a driver. */
  static async open(executable: string, display: string, onClose: () => void): Promise<WebKitTab> {
    const port = await freePort();
    const driver = spawn(executable, [`--port=${port}`], {
      env: { ...process.env, DISPLAY: display, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' },
      stdio: 'ignore',
    });
    const url = `http://127.0.0.1:${port}`;
    try {
      while (!(await isReady(url))) await delay(20);
      const session = await WebDriverSession.open(url, {
        'webkitgtk:browserOptions': { binary: findMiniBrowser(), args: ['--automation'] },
      });
      await session.post('timeouts', { implicit: 10_000, script: 10_000, pageLoad: 20_000 });
      return new WebKitTab(driver, session, onClose);
    } catch (error) {
      await stop(driver);
      throw error;
    }
  }

  async goto(url: string): Promise<void> {
    await this.#session.post('url', { url });
  }

  async reload(): Promise<void> {
    await this.#session.post('refresh');
  }

  async click(selector: string): Promise<void> {
    // The page may replace the element at that moment.
    for (let attempts = 1; ; attempts++) {
      const { id } = await this.#session.find(selector);
      try {
        return await this.#session.post(`element/${id}/click`);
      } catch (error) {
        if (attempts === 50) throw error;
        await delay(20);
      }
    }
  }

  async hover(selector: string): Promise<void> {
    const { reference } = await this.#session.find(selector);
    await this.#perform({
      type: 'pointer',
      id: 'mouse',
      actions: [{ type: 'pointerMove', duration: 0, x: 0, y: 0, origin: reference }],
    });
  }

  async press(key: string): Promise<void> {
    await this.#perform({
      type: 'key',
      id: 'keyboard',
      actions: [
        { type: 'keyDown', value: key },
        { type: 'keyUp', value: key },
      ],
    });
  }

  async #perform(action: object): Promise<void> {
    await this.#session.post('actions', { actions: [action] });
  }

  async evaluate<Value>(expression: string): Promise<Value> {
    const script = `const done = arguments[0];
      (async () => ({ value: await ${expression} }))().catch((error) => ({ error: String(error) })).then(done);`;
    type Outcome = { readonly value: Value; readonly error?: string };
    const { value, error } = await this.#session.post<Outcome>('execute/async', { script, args: [] });
    if (error !== undefined) throw new Error(error);
    return value;
  }

  async start(expression: string): Promise<void> {
    await this.#session.post('execute/sync', { script: inNextTurn(expression), args: [] });
  }

  /** Another tab in front would not do: WebKitWebDriver keeps both visible. */
  async hide(): Promise<void> {
    await this.#session.post('window/minimize');
  }

  async show(): Promise<void> {
    await this.#session.post('window/rect', { width: 1000, height: 800 });
  }

  async closeAlone(): Promise<void> {
    const { handle } = await this.#session.post<{ readonly handle: string }>('window/new', {
      type: 'window',
    });
    await this.#session.closeWindow();
    await this.#session.post('window', { handle });
  }

  async close(): Promise<void> {
    this.#onClose();
    await this.#session.close();
    await stop(this.#driver);
  }
}

/** It lies in the folder of the library's programs, which is named after the machine. */
function findMiniBrowser(): string {
  for (const machine of readdirSync('/usr/lib')) {
    for (const version of ['webkit2gtk-4.1', 'webkit2gtk-4.0', 'webkitgtk-6.0']) {
      const path = join('/usr/lib', machine, version, 'MiniBrowser');
      if (existsSync(path)) return path;
    }
  }
  throw new Error(
    'This suite needs the MiniBrowser of WebKitGTK. Install it: apt-get install webkit2gtk-driver',
  );
}

async function startDisplay(): Promise<{ readonly name: string; readonly process: ChildProcess }> {
  // Otherwise it restarts whenever its last window is closed, and rejects a browser that connects at that moment.
  const args = ['-displayfd', '3', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp', '-noreset'];
  const display = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const failed = once(display, 'error').then(([error]) => Promise.reject(error));
  const [number] = await Promise.race([once(display.stdio[3] as Readable, 'data'), failed]);
  return { name: `:${String(number).trim()}`, process: display };
}

async function isReady(driver: string): Promise<boolean> {
  try {
    return (await command<{ ready: boolean }>('GET', `${driver}/status`)).ready;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

async function stop(process_: ChildProcess): Promise<void> {
  if (process_.exitCode !== null || process_.signalCode !== null) return;
  process_.kill();
  await once(process_, 'exit');
}
