import { describe, expect, it } from 'vitest';
import { createProject, write } from '../../test/project.js';
import { check, checkParts, env, express, naming, token } from './test-check.js';

describe('settings', () => {
  it.each([
    ['.env', 'FIRST=1\nSUCCESSEVE_API_URL=http://tracking.example.com\n', 'SUCCESSEVE_API_URL in .env:2'],
    ['.env.local', 'export SUCCESSEVE_API_URL="not a URL"', 'SUCCESSEVE_API_URL in .env.local:1'],
    ['.env', 'SUCCESSEVE_API_TOKEN="with blank"', 'SUCCESSEVE_API_TOKEN in .env:1'],
    ['.env', "SUCCESSEVE_API_TOKEN='with\nbreak'", 'SUCCESSEVE_API_TOKEN in .env:1'],
  ])('are found not to be usable in %s: %j', async (file, text, where) => {
    const findings = await checkParts({ ...express, files: { [file]: text } });
    expect(findings).toMatchObject([
      { severity: 'error', what: expect.stringContaining(`${where} cannot be used: api`) },
    ]);
  });

  it('are found not to be usable in the environment, in the words of the tracker itself', async () => {
    const folder = await createProject(express);
    const SUCCESSEVE_API_URL = 'http://tracking.example.com';
    expect(await check(folder, { env: { ...env, SUCCESSEVE_API_URL } })).toMatchObject([
      {
        what: 'SUCCESSEVE_API_URL in the environment cannot be used: apiUrl: expected https:, or http: to loopback, since a token must not travel in clear, got http:.',
      },
    ]);
    expect(await check(folder, { env: { SUCCESSEVE_API_TOKEN: `${token}\n` } })).toMatchObject([
      {
        what: 'SUCCESSEVE_API_TOKEN in the environment cannot be used: apiToken: expected visible ASCII, got white space or others in it.',
      },
    ]);
  });

  it('are fine when a tracker takes them', async () => {
    const files = {
      '.env': `SUCCESSEVE_API_TOKEN=${token}\nSUCCESSEVE_API_URL=https://proxy.example.com/successeve`,
      '.env.development': 'SUCCESSEVE_API_TOKEN=anything\nSUCCESSEVE_API_URL=http://127.0.0.1:4319',
      '.env.example': 'SUCCESSEVE_API_TOKEN=\nSUCCESSEVE_API_URL=http://example.com',
    };
    expect(await checkParts({ ...express, files })).toEqual([]);
  });

  it('are found to keep production on the machine itself', async () => {
    const url = 'SUCCESSEVE_API_URL=http://127.0.0.1:4319\n';
    const files = { '.env.development': url, '.env.production': url };
    expect(await checkParts({ ...express, files })).toMatchObject([
      { severity: 'warning', what: 'SUCCESSEVE_API_URL in .env.production:1 is on the machine itself.' },
    ]);
  });

  it('need no token in a front end on its own', async () => {
    const manifest = JSON.stringify({ name: '@successeve/browser', version: '0.0.0' });
    const folder = await createProject({
      files: {
        'package.json': naming('@successeve/browser'),
        'node_modules/@successeve/browser/package.json': manifest,
      },
    });
    expect(await check(folder, { env: {} })).toEqual([]);
  });

  it('lack a token', async () => {
    const folder = await createProject({ ...express, files: { '.env': 'SUCCESSEVE_API_TOKEN=\n' } });
    expect(await check(folder, { env: {} })).toMatchObject([
      {
        severity: 'warning',
        what: 'SUCCESSEVE_API_TOKEN is set neither in the environment nor in a .env file here.',
      },
    ]);
    await write(folder, { '.env.local': `SUCCESSEVE_API_TOKEN=${token}` });
    expect(await check(folder, { env: {} })).toEqual([]);
  });
});
