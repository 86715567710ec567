import { execFileSync } from 'node:child_process';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createProject, write } from '../../test/project.js';
import { check, express, token } from './test-check.js';

describe('the repository', () => {
  async function createRepository(files: Record<string, string>, untracked = {}): Promise<string> {
    const folder = await createProject({ ...express, files });
    const git = (...args: string[]): void => void execFileSync('git', args, { cwd: folder, stdio: 'ignore' });
    git('init');
    git('add', '--', 'package.json', ...Object.keys(files));
    await write(folder, untracked);
    return folder;
  }

  it('is found to hold the token', async () => {
    const folder = await createRepository({
      'src/tracker.js': `\n// our tracker\nexport const apiToken = '${token}';\n`,
      'deploy/values.yaml': `token: ${token}\n`,
    });
    expect(await check(folder)).toMatchObject([
      {
        severity: 'error',
        what: 'The API token is in the repository: deploy/values.yaml:1, src/tracker.js:3.',
        fix: expect.stringContaining('issue a new token'),
      },
    ]);
  });

  it('is found to hold a token that is set in a file of it', async () => {
    const file = `SUCCESSEVE_API_TOKEN=${token}\n`;
    for (const path of ['.env', 'services/billing/.env.production']) {
      const folder = await createRepository({ [path]: file });
      expect(await check(folder, { env: { SUCCESSEVE_API_TOKEN: 'anything' } })).toMatchObject([
        { what: `The API token is in the repository: ${path}:1.` },
      ]);
    }
  });

  it('is found to hold a token in code that is in no setting', async () => {
    const code = (apiToken: string): string => `createTracker({\n  apiToken: '${apiToken}',\n});\n`;
    const folder = await createRepository(
      {
        'src/tracker.ts': code(token),
        'src/tracker.test.ts': code(token),
        'src/other.ts': code('test-token-0123456789'),
        'notes.md': code(token),
      },
      { 'src/untracked.ts': code(token) },
    );
    expect(await check(folder, { env: { SUCCESSEVE_API_TOKEN: 'anything' } })).toMatchObject([
      { severity: 'error', what: 'The API token is in the repository: src/tracker.ts:2.' },
    ]);
  });

  it('is looked at as a whole, from the folder of an application in it', async () => {
    const folder = await createRepository({ 'README.md': `Use ${token}.` });
    const app = join(folder, 'apps/shop');
    await mkdir(app, { recursive: true });
    await rename(join(folder, 'package.json'), join(app, 'package.json'));
    expect(await check(app)).toMatchObject([{ what: 'The API token is in the repository: README.md:1.' }]);
  });

  it('may hold what is not a secret', async () => {
    const folder = await createRepository(
      {
        '.gitignore': '.env\n',
        '.env.development': `SUCCESSEVE_API_TOKEN=local-0123456789\nSUCCESSEVE_API_URL=http://localhost:4319\n`,
        '.env.example': 'SUCCESSEVE_API_TOKEN=0123456789abcdef0123456789abcdef\n',
        '.env.test': 'SUCCESSEVE_API_TOKEN=your-token-here\n',
        'README.md': 'Any token will do: local-0123456789, your-token-here.',
      },
      { '.env': `SUCCESSEVE_API_TOKEN=${token}\n`, 'notes.txt': token },
    );
    expect(await check(folder)).toEqual([]);
  });
});
