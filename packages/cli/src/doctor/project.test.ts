import { join, parse } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createProject, write } from '../../test/project.js';
import { readProject } from './project.js';
import { check, express, naming } from './test-check.js';

describe('the project', () => {
  it('is the one around the folder', async () => {
    const folder = await createProject({ ...express, files: { 'src/a.js': '' } });
    expect(readProject(join(folder, 'src')).folder).toBe(folder);
  });

  it('has nothing to do with what is installed for its neighbours', async () => {
    const folder = await createProject({ packages: ['@successeve/express', 'express', '@successeve/next'] });
    await write(folder, { 'apps/shop/package.json': naming('@successeve/express') });
    expect(await check(join(folder, 'apps/shop'))).toEqual([]);
  });

  it('is not the root of a workspace, where everything may be installed', async () => {
    const manifest = '{ "workspaces": ["apps/*"] }';
    const folder = await createProject({ ...express, files: { 'package.json': manifest } });
    expect(() => readProject(folder)).toThrow('names no package of SuccessEve. In a workspace, run it in');
    await write(folder, { 'apps/shop/package.json': '{}' });
    expect(readProject(join(folder, 'apps/shop')).packages).toHaveLength(1);
  });

  it('is found to have a package.json that is not JSON', async () => {
    const folder = await createProject({ ...express, files: { 'package.json': '{,}' } });
    expect(() => readProject(folder)).toThrow(`${join(folder, 'package.json')} cannot be read: `);
  });

  it('is none outside of every project', () => {
    expect(() => readProject(parse(process.cwd()).root)).toThrow(
      'package.json is missing in this folder and in those above it.',
    );
  });
});
