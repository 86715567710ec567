import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createCustomer } from './customer.js';

const read = (file: string): Promise<string> => readFile(join(import.meta.dirname, file), 'utf8');

/** How a customer runs tests. */
interface Runner {
  readonly name: string;
  readonly packages: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string>>;
  /** The test file, which starts with these imports. */
  readonly testFile: string;
  readonly imports: string;
  readonly script: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

function vitest(version: 3 | 4 | 5): Runner {
  return {
    name: `vitest ${version}`,
    packages: { vitest: version === 5 ? 'vitest' : `vitest${version}` },
    files: { 'package.json': '{ "type": "module" }' },
    testFile: 'a.test.ts',
    imports: `import '@successeve/testing/vitest';
import { createRecorder } from '@successeve/testing';
import { expect, it, vi as clock } from 'vitest';
`,
    script: 'vitest/vitest.mjs',
    args: ['run', '--reporter=json', '--outputFile=report.json'],
  };
}

const jest = {
  packages: { jest: 'jest' },
  script: 'jest/bin/jest.js',
  args: ['--json', '--outputFile=report.json', '--watchman=false'],
};

const runners: readonly Runner[] = [
  vitest(3),
  vitest(4),
  vitest(5),
  {
    ...vitest(5),
    name: 'vitest 5, from a set-up file and with globals',
    files: {
      'package.json': '{ "type": "module" }',
      'vitest.config.mjs':
        "export default { test: { globals: true, setupFiles: ['@successeve/testing/vitest'] } };",
    },
    imports: "import { createRecorder } from '@successeve/testing';\nconst clock = vi;\n",
  },
  {
    ...jest,
    name: 'jest 29, CommonJS, the global expect',
    packages: { jest: 'jest29' },
    files: { 'package.json': '{}' },
    testFile: 'a.test.js',
    imports: `require('@successeve/testing/jest');
const { createRecorder } = require('@successeve/testing');
const clock = jest;
`,
  },
  {
    ...jest,
    name: 'jest 30, TypeScript to CommonJS',
    packages: {
      ...jest.packages,
      '@babel/preset-typescript': '@babel/preset-typescript',
      '@babel/plugin-transform-modules-commonjs': '@babel/plugin-transform-modules-commonjs',
    },
    files: {
      'package.json': '{}',
      'babel.config.json': `{
        "presets": ["@babel/preset-typescript"],
        "plugins": ["@babel/plugin-transform-modules-commonjs"]
      }`,
    },
    testFile: 'a.test.ts',
    imports: `import '@successeve/testing/jest';
import { expect, it, jest as clock } from '@jest/globals';
import { createRecorder } from '@successeve/testing';
`,
  },
  {
    ...jest,
    name: 'jest 30, ESM, from a set-up file',
    files: {
      'package.json': `{
        "type": "module",
        "jest": { "transform": {}, "setupFilesAfterEnv": ["@successeve/testing/jest"] }
      }`,
    },
    testFile: 'a.test.js',
    imports: "import { createRecorder } from '@successeve/testing';\nconst clock = import.meta.jest;\n",
    env: { NODE_OPTIONS: '--experimental-vm-modules' },
  },
  {
    ...jest,
    name: 'jest 30, ESM, without globals',
    files: { 'package.json': '{ "type": "module", "jest": { "transform": {}, "injectGlobals": false } }' },
    testFile: 'a.test.js',
    imports: `import '@successeve/testing/jest';
import { expect, it, jest as clock } from '@jest/globals';
import { createRecorder } from '@successeve/testing';
`,
    env: { NODE_OPTIONS: '--experimental-vm-modules' },
  },
];

/** What a runner says of a test, as both write it in JSON. */
interface Report {
  readonly testResults: readonly [
    { readonly assertionResults: readonly { title: string; status: string; failureMessages: string[] }[] },
  ];
}

/** The message without the stack, and without the words in which printers differ. */
function messageOf([failure = '']: readonly string[]): string {
  const [message = ''] = failure.split(/\n+ +at /, 1);
  return message.replace(/^\w*Error: /, '').replace(/\b(?:Object|Array) (?=[[{])/g, '');
}

describe.concurrent.each(runners)('$name', ({ packages, files, testFile, imports, script, args, env }) => {
  it('passes what was tracked, and shows for the rest what was tracked instead', async ({
    onTestFinished,
  }) => {
    const customer = await createCustomer(packages);
    onTestFinished(() => customer.remove());
    await customer.write({ ...files, [testFile]: imports + (await read('fixtures/expectations.mjs')) });

    const printed = await customer.run(script, args, env);
    const report: Report = JSON.parse(await customer.read('report.json').catch(() => printed));

    const results = report.testResults[0].assertionResults;
    expect(results.map(({ title, status }) => `${title}: ${status}`)).toEqual([
      'passes: passed',
      'differs: failed',
      'is missing: failed',
      'is there: failed',
      'is empty: failed',
      'is in a promise: failed',
      'has faked timers: passed',
    ]);
    const [, differs, isMissing, isThere, isEmpty, isInPromise] = results.map(({ failureMessages }) =>
      messageOf(failureMessages),
    );
    expect(differs).toBe(`expect(recorder).toHaveTracked(eventUid, details)

Expected: event user_registration { contactUid: Any<String>, params: { plan: "pro" } }

Tracked instead, closest first:
  event user_registration { contactUid: "8", params: { plan: "free", seats: [{ id: 1 }] } }
  event user_login { contactUid: "7" }
  pageview https://app.example.com/onboarding { contactUid: "7" }

The first differs:

- Expected
+ Received

  {
    "contactUid": "8",
    "params": {
-     "plan": "pro",
+     "plan": "free",
    },
  }`);
    expect(isMissing).toBe(`expect(recorder).toHavePageview(page)

Expected: pageview /onboarding/2

Tracked instead, closest first:
  pageview https://app.example.com/onboarding { contactUid: "7" }
  event user_login { contactUid: "7" }
  event user_registration { contactUid: "8", params: { plan: "free", seats: [{ id: 1 }] } }`);
    expect(isThere).toBe(`expect(recorder).not.toHaveTracked(eventUid)

Expected: no event user_login

But it was tracked:
  event user_login { contactUid: "7" }`);
    expect(isEmpty).toBe(`expect(recorder).toHaveTracked(eventUid, details)

Expected: event user_login { contactUid: "7" }

Nothing was tracked.
Did the application get this recorder?
An automatic pageview, and an event whose contact is asked for, are there after \`await recorder.flush()\`.`);
    expect(isInPromise).toContain('expect(recorder).resolves.toHaveTracked(eventUid)');
  });
});

/** In Jest, what Node itself makes is of another realm than the test: not `instanceof` the classes that it sees. */
describe.concurrent.each([
  [
    'CommonJS',
    "const { createTracker } = require('@successeve/core');\nconst fs = require('node:fs');\n",
    {},
  ],
  [
    'ESM',
    "import fs from 'node:fs';\nimport { createTracker } from '@successeve/core';\n",
    { NODE_OPTIONS: '--experimental-vm-modules' },
  ],
])('in Jest, with %s,', (format, imports, env) => {
  it('an unreachable API is named, and a date of Node is a date', async ({ onTestFinished }) => {
    const customer = await createCustomer(jest.packages);
    onTestFinished(() => customer.remove());
    const type = format === 'ESM' ? '"type": "module", ' : '';
    await customer.write({
      'package.json': `{ ${type}"jest": { "transform": {} } }`,
      'a.test.js': `${imports}${await read('fixtures/realms.mjs')}`,
    });
    const printed = await customer.run(jest.script, ['--watchman=false'], env);
    expect(printed).toContain('1 passed, 1 total');
  });
});
