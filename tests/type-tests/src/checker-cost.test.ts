import { expect, it } from 'vitest';
import { type Application, compile } from './customer.js';

interface CatalogueSize {
  readonly events: number;
  readonly calls: number;
  /** Whether the schemas are a catalogue that is registered, or just there. */
  readonly isRegistered?: boolean;
}

function write({ events, calls, isRegistered = true }: CatalogueSize): string {
  const schema =
    "z.object({ plan: z.enum(['gold', 'silver']), seats: z.number().optional(), note: z.string() })";
  const definitions = Array.from({ length: events }, (_, i) => `event_${i}: { params: ${schema} },`).join(
    '\n',
  );
  const uses = Array.from(
    { length: calls },
    (_, i) => `tracker.event('event_${i % 5}', { contactUid: ${i}, params: { plan: 'gold', note: 'a' } });`,
  ).join('\n');
  const register = 'declare module "@successeve/core" { interface Register { events: typeof events } }';
  return `
    import { createTracker, defineEvents } from '@successeve/core';
    import * as z from 'zod';
    export const events = ${isRegistered ? 'defineEvents' : ''}({ ${definitions} });
    ${isRegistered ? register : ''}
    const tracker = createTracker(${isRegistered ? '{ events }' : ''});
    ${uses}`;
}

/** How much the compiler has to work out: a number that is the same on every machine, unlike its time. */
async function instantiationsFor(application: CatalogueSize): Promise<number> {
  const app: Application = {
    from: 'core',
    packages: ['@successeve/core', '@types/node', 'zod'],
    files: { 'app.ts': write(application) },
  };
  const printed = await compile({ app }, 'TypeScript 7', 'as ESM', ['--extendedDiagnostics']);
  expect(printed).not.toContain('error');
  return Number(/^Instantiations:\s+(\d+)/m.exec(printed)?.[1]);
}

it('a call costs the type checker the same with 500 events in the catalogue as with 5', async () => {
  const costOfCalls = async (events: number): Promise<number> =>
    (await instantiationsFor({ events, calls: 200 })) - (await instantiationsFor({ events, calls: 100 }));
  expect(await costOfCalls(500)).toBe(await costOfCalls(5));
});

it('an event in the catalogue costs the type checker no more than looking at its schema once', async () => {
  const calls = 5;
  const plain = await instantiationsFor({ events: 500, calls, isRegistered: false });
  const registered = await instantiationsFor({ events: 500, calls });
  // `z.infer` costs a thousand for a schema like these, and to make one costs some tens.
  expect((registered - plain) / 500).toBeLessThan(250);
});
