import { afterAll, beforeAll, describe, it } from 'vitest';
import { Customer } from './customer.js';
import { loadEntries } from './entries.js';
import { honoApplication } from './readme.js';
import { type Installed, install, others } from './runtimes.js';
import { type ServerOutput, visitApplication } from './visit.js';

/** How the README serves an application, and where that is to be seen. */
const servers: Readonly<Record<string, ServerOutput & { readonly serve: string }>> = {
  Bun: {
    serve: 'export default app',
    env: { PORT: '0' },
    ready: /(http:\/\/localhost:\d+)/,
  },
  Deno: {
    // Deno prints it among its errors.
    serve: "const { addr } = Deno.serve(app.fetch); console.log('Ready at http://127.0.0.1:' + addr.port)",
    env: { DENO_SERVE_ADDRESS: 'tcp:127.0.0.1:0' },
  },
};

let customer: Customer;

beforeAll(async () => {
  customer = await Customer.begin({ ours: ['@successeve/hono'], theirs: { hono: '^4.13.19' } });
});
afterAll(() => customer?.remove());

describe.each(others)('on $name', ({ name, ...distribution }) => {
  let installed: Installed;

  beforeAll(async () => {
    installed = await install({ name, ...distribution });
  });
  afterAll(() => installed?.remove());

  it('the package loads, as ESM and as CommonJS', () =>
    loadEntries(customer, installed.runtime, '@successeve/hono'));

  it('the example in the README records an event and a page, and delivers what waits when it ends', async () => {
    const { serve, ...server } = servers[name] as (typeof servers)[string];
    await customer.write({ 'app.ts': await honoApplication(serve) });
    await visitApplication(customer, installed.runtime, 'app.ts', server);
  });
});
