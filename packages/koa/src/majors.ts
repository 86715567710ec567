import { createRequire } from 'node:module';
import Koa3 from 'koa';

// The alias has no types of its own; what the tests use of Koa is the same in both.
const Koa2 = createRequire(import.meta.url)('koa2') as typeof Koa3;

/** True differences between the majors. Each is set to its reason, which is in the title of the test that is left out. */
export interface Differences {
  /** A body cannot be a `ReadableStream`, a `Blob` or a `Response`. */
  readonly sendsNoWebStreams?: string;
  /** A body that fails does not end the connection: Koa answers 404 or 500, or waits for the visitor to leave. */
  readonly survivesBrokenBodies?: string;
}

export const majors: readonly (readonly [name: string, Koa: typeof Koa3, differences: Differences])[] = [
  [
    'koa 2',
    Koa2,
    {
      sendsNoWebStreams: 'Koa 2 takes them for JSON',
      survivesBrokenBodies: 'Koa 2 pipes a body, and a pipe passes no errors on, while Koa 3 hangs up',
    },
  ],
  ['koa 3', Koa3, {}],
];
