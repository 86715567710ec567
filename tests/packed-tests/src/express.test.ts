import { afterAll, beforeAll, describe, it } from 'vitest';
import { Customer, node } from './customer.js';
import { applicationFrom, type Readme, readmes, toCommonJs, typedApplicationFrom } from './readme.js';
import { visitApplication } from './visit.js';

const everyReadme = Object.keys(readmes) as Readme[];

/** How a compiler finds what it imports, in projects of today and of some years ago. */
const typescriptProjects = [
  { name: 'NodeNext, ESM', type: 'module', module: 'NodeNext', moduleResolution: 'NodeNext' },
  { name: 'NodeNext, CommonJS', type: 'commonjs', module: 'NodeNext', moduleResolution: 'NodeNext' },
  { name: 'Bundler', type: 'module', module: 'ESNext', moduleResolution: 'Bundler' },
  { name: 'node10', type: 'commonjs', module: 'CommonJS', moduleResolution: 'node10' },
] as const;

let customer: Customer;

beforeAll(async () => {
  // The same files for each project below, whatever its type: installed once.
  customer = await Customer.begin({
    ours: ['@successeve/express'],
    theirs: {
      express: '^5.3.0',
      '@types/express': '^5.0.0',
      '@types/node': '^20.0.0',
      typescript: '~5.9.3',
    },
  });
});
afterAll(() => customer?.remove());

describe.each(everyReadme)('the example in the README of %s', (readme) => {
  it('runs in an ESM project', async () => {
    await customer.become('module');
    await customer.write({ 'app.js': await applicationFrom(readme) });
    await visitApplication(customer, node, 'app.js');
  });

  it('runs in a CommonJS project', async () => {
    await customer.become('commonjs');
    await customer.write({ 'app.js': toCommonJs(await applicationFrom(readme)) });
    await visitApplication(customer, node, 'app.js');
  });
});

it.each(typescriptProjects)(
  'TypeScript, $name: the example compiles with our types checked too, and runs',
  async ({ type, module, moduleResolution }) => {
    const compilerOptions = {
      ...{ module, moduleResolution, outDir: 'out', target: 'ES2022', lib: ['ES2023'], types: ['node'] },
      ...{ esModuleInterop: true, strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false },
    };
    await customer.become(type);
    await customer.write({
      'tsconfig.json': JSON.stringify({ compilerOptions, files: ['app.ts'] }),
      'app.ts': await typedApplicationFrom('npm'),
    });

    await customer.run(node, 'node_modules/typescript/bin/tsc', '--pretty', 'false');

    await visitApplication(customer, node, 'out/app.js');
  },
);
