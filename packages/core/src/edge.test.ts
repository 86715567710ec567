import { fileURLToPath } from 'node:url';
import { createContext, Script } from 'node:vm';
import { rolldown } from 'rolldown';
import { afterEach, describe, expect, it } from 'vitest';
import { type FakeApi, startFakeApi } from '../test/fake-api.js';
import type * as Core from './index.js';

let api: FakeApi | undefined;

afterEach(() => api?.close());

/** Bundles the built package as a platform does that has these package conditions. */
async function bundle(conditionNames: string[]): Promise<string> {
  const build = await rolldown({
    input: fileURLToPath(new URL('../dist/index.mjs', import.meta.url)),
    platform: 'neutral',
    external: /^node:/,
    resolve: { conditionNames },
  });
  const { output } = await build.generate({ format: 'iife', name: 'core', codeSplitting: false });
  return output[0].code;
}

/** Runs the bundle where there is nothing but what the web has, and `globals`. */
async function deliverFrom(code: string, globals: object): Promise<void> {
  api = await startFakeApi();
  const web = { fetch, URL, TextEncoder, AbortSignal, btoa, setTimeout, clearTimeout, performance, console };
  // Descriptors, since what throws at a read must not be read here.
  const context = createContext(Object.defineProperties(web, Object.getOwnPropertyDescriptors(globals)));
  new Script(`${code}\nglobalThis.core = core;`).runInContext(context);
  const { createTracker } = context.core as typeof Core;
  const tracker = createTracker({ apiToken: api.token, apiUrl: api.url });
  tracker.event('tested_on_the_edge', { contactUid: 'é' });
  expect(await tracker.close()).toEqual({ delivered: 1, pending: 0 });
  expect(api.events).toEqual([{ contact_uid: 'é', event_uid: 'tested_on_the_edge' }]);
}

describe.each(['edge-light', 'workerd', 'browser', 'default'])('where the condition is %s', (condition) => {
  it('the main entry needs nothing but fetch, and delivers with it', async () => {
    const code = await bundle([condition, 'import']);
    expect(code).not.toMatch(/(?:from|require\(|import\() ?["']node:/);
    await deliverFrom(code, {});
  });
});

it('on an edge runtime that throws at the sight of what belongs to Node, it delivers too', async () => {
  const fail = (): never => {
    throw new Error('not supported in the Edge Runtime');
  };
  await deliverFrom(await bundle(['edge-light', 'import']), {
    EdgeRuntime: 'edge-runtime',
    process: new Proxy({ env: {} }, { get: (target, name) => (name === 'env' ? target.env : fail()) }),
    get setImmediate() {
      return fail();
    },
  });
});

it.each(['edge-light', 'workerd', 'browser'])(
  'where the condition is %s, nothing waits for the end of a process',
  async (condition) => {
    expect(await bundle([condition, 'import'])).not.toContain('SIGTERM');
  },
);

it('where a bundler names no condition, the end of the process is waited for, in case it is Node', async () => {
  expect(await bundle(['import'])).toContain('SIGTERM');
});

it('where the condition is node, there is a keep-alive agent instead', async () => {
  const code = await bundle(['node', 'import']);
  expect(code).toContain('keepAlive: true');
  expect(code).toContain('SIGTERM');
});
