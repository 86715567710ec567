import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { Customer, node } from './customer.js';
import { loadEntries, peers } from './entries.js';
import { visitDevPage } from './visit.js';

let customer: Customer;

beforeAll(async () => {
  customer = await Customer.begin(
    { ours: Object.keys(inject('tarballs')), theirs: peers },
    '--legacy-peer-deps',
  );
});
afterAll(() => customer?.remove());

describe.each(Object.keys(inject('tarballs')))('%s, installed with all the others,', (name) => {
  it('exports the same to ESM and to CommonJS', () => loadEntries(customer, node, name));

  it('exports nothing but its entries', async () => {
    await customer.write({ 'inside.mjs': `import '${name}/dist/index.mjs';` });
    await expect(customer.run(node, 'inside.mjs')).rejects.toThrow('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });
});

it('successeve dev serves its page, and everything that the page loads', () => visitDevPage(customer, node));

it.each(['successeve', 'successeve-queue', 'successeve-relay'])('%s prints how it is used', async (bin) => {
  expect(await customer.run(node, `node_modules/.bin/${bin}`, '--help')).toContain(bin);
});
