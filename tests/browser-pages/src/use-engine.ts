import { type Engine, type EngineName, openEngine } from '@successeve/test-browser/engines';
import { afterAll, beforeAll } from 'vitest';

/** The browser that the tests of a file share. It is there once they run. */
export function useEngine(name: EngineName): () => Engine {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openEngine(name);
  });
  afterAll(() => engine.close());
  return () => engine;
}
