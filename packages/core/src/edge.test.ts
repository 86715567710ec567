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

describe.each(['edge-light', 'workerd', 'browser', 'default'])('where the condition is %s', (condition) => {
  it('the main entry needs nothing but fetch, and delivers with it', async () => {
    const code = await bundle([condition, 'import']);
    expect(code).not.toMatch(/(?:from|require\(|import\() ?["']node:/);
    api = await startFakeApi();
    const context = createContext({
      fetch,
      URL,
      TextEncoder,
      AbortSignal,
      btoa,
      setTimeout,
      clearTimeout,
      console,
    });
    new Script(`${code}\nglobalThis.core = core;`).runInContext(context);
    const { createTracker } = context.core as typeof Core;
    const tracker = createTracker({ apiToken: api.token, apiUrl: api.url });
    tracker.event('tested_on_the_edge', { contactUid: 'é' });
    expect(await tracker.close()).toEqual({ delivered: 1, pending: 0 });
    expect(api.events).toEqual([{ contact_uid: 'é', event_uid: 'tested_on_the_edge' }]);
  });
});

it('where the condition is node, there is a keep-alive agent instead', async () => {
  expect(await bundle(['node', 'import'])).toContain('keepAlive: true');
});
