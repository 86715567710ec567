import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { isFull } from '@successeve/test-scale';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Block, blocksOf } from './blocks.js';
import { compile, compiledFolder, type Problem } from './compile.js';
import { lint } from './lint.js';

const root = join(import.meta.dirname, '../..');

/** Every README, and every page of this documentation. */
const pages = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*README.md', 'docs/**.md'], {
  cwd: root,
  encoding: 'utf8',
})
  .trim()
  .split('\n');

const blocks = pages.flatMap((page) => blocksOf(root, page));
let problems: Problem[];

beforeAll(async () => {
  problems = await compile(blocks);
}, 120_000);

describe('the code of', () => {
  const withCode = pages.filter((page) => blocks.some((block) => block.page === page));
  it.each(withCode)('%s compiles', (page) => {
    const found = problems.filter(({ block }) => block.page === page && !block.fails);
    expect(found.map(({ message }) => message)).toEqual([]);
  });
});

it('shows as wrong only what a compiler refuses', () => {
  const refused = new Set(problems.map(({ block }) => block));
  const wrong = blocks.filter((block) => block.fails && !refused.has(block));
  expect(wrong.map(({ page, line }) => `${page}:${line}`)).toEqual([]);
});

// Half a minute of type information for two rules: in `npm run test:full`.
it.runIf(isFull)(
  'waits for its promises, or says that it does not, as typescript-eslint asks',
  async () => {
    expect(await lint(compiledFolder)).toEqual([]);
  },
  300_000,
);

it('names the line of the page on which a block is wrong, whatever it is put into', async () => {
  const lines = [
    "import { TRACKER } from '@successeve/nestjs';",
    'work(): void {',
    "  TRACKER.event('x');",
    '}',
  ];
  const block: Block = {
    ...{ page: 'docs/none.md', line: 40, section: 'none', language: 'ts', frame: 'nest-controller' },
    ...{ lines, fails: false },
  };
  const [problem, ...others] = await compile([block]);
  expect(problem?.message).toMatch(/^docs\/none\.md:42: error TS2339: Property 'event' does not exist/);
  expect(others).toEqual([]);
}, 60_000);
