import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createCustomer } from './customer.js';

const fixture = await readFile(join(import.meta.dirname, 'fixtures/types.ts'), 'utf8');

const testing = "import { createRecorder, type Recorder } from '@successeve/testing';\n";
const vitest = `import '@successeve/testing/vitest';
import { expect, it } from 'vitest';
${testing}`;
const jest = `import '@successeve/testing/jest';
import { expect, it } from '@jest/globals';
${testing}`;
const globalJest = `import '@successeve/testing/jest';
${testing}`;

/** Who compiles tests, and how. */
interface Compiled {
  readonly name: string;
  readonly packages: Readonly<Record<string, string>>;
  readonly imports: string;
  readonly types: readonly string[];
}

const node = { '@types/node': '@types/node', typescript: 'typescript' };

describe.concurrent.each<Compiled>([
  { name: 'vitest 3', packages: { vitest: 'vitest3' }, imports: vitest, types: [] },
  { name: 'vitest 4', packages: { vitest: 'vitest4' }, imports: vitest, types: [] },
  { name: 'vitest 5', packages: { vitest: 'vitest' }, imports: vitest, types: [] },
  {
    name: '@jest/globals',
    packages: { '@jest/globals': '@jest/globals', expect: 'expect' },
    imports: jest,
    types: [],
  },
  {
    name: '@types/jest',
    packages: { '@types/jest': '@types/jest', expect: 'expect' },
    imports: globalJest,
    types: ['jest'],
  },
])('the matchers are typed for $name', ({ packages, imports, types }) => {
  it.for([
    ['ESM', 'module'],
    ['CommonJS', 'commonjs'],
  ])('in an application that is %s', async ([, type], { onTestFinished }) => {
    const customer = await createCustomer({ ...node, ...packages });
    onTestFinished(() => customer.remove());
    const compilerOptions = {
      module: 'NodeNext',
      target: 'ES2023',
      strict: true,
      noEmit: true,
      skipLibCheck: false,
      // The libraries of TypeScript itself take as long as all others.
      skipDefaultLibCheck: true,
      types: ['node', ...types],
    };
    await customer.write({
      'package.json': JSON.stringify({ type }),
      'tsconfig.json': JSON.stringify({ compilerOptions, files: ['a.test.ts'] }),
      'a.test.ts': imports + fixture,
    });
    const errors = await customer.run('typescript/bin/tsc', []);

    // Outside of the folder are the libraries of others: vitest 3 declares some names of Chai twice.
    expect(errors.replace(/^\.\..*\n/gm, '')).toBe('');
  });
});
