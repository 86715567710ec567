import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Package as Contents, checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { describe, expect, inject, it } from 'vitest';

interface Manifest {
  readonly name: string;
  readonly description: string;
  readonly keywords: readonly string[];
  readonly license: string;
  readonly repository: { readonly url: string; readonly directory: string };
  readonly engines: { readonly node: string };
  readonly publishConfig: object;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** A package as it would be uploaded. */
interface Packed {
  readonly bytes: Buffer<ArrayBuffer>;
  readonly contents: Contents;
  readonly manifest: Manifest;
  /** Its files, as paths in the package. */
  readonly files: readonly string[];
  read(file: string): string;
}

async function open(tarball: string): Promise<Packed> {
  const bytes = await readFile(tarball);
  const contents = createPackageFromTarballData(new Uint8Array(bytes));
  const folder = `/node_modules/${contents.packageName}/`;
  const read = (file: string): string => contents.readFile(folder + file);
  const files = contents.listFiles().map((file) => file.slice(folder.length));
  return { bytes, contents, files, read, manifest: JSON.parse(read('package.json')) };
}

/** Entries that run in Vitest, which is ESM only and which node10 does not resolve either: there they have no types. */
const inVitestOnly: Readonly<Record<string, readonly string[]>> = {
  '@successeve/testing': ['./queue-contract', './adapter-contract'],
};

describe.each(Object.entries(inject('tarballs')))('%s, as it would be uploaded,', (name, tarball) => {
  it('gives publint nothing to say', async () => {
    const { bytes } = await open(tarball);
    const { messages, pkg } = await publint({ pack: { tarball: bytes.buffer }, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  it('has the right types for every entry, however it is resolved', async () => {
    const { contents } = await open(tarball);
    const analysis = await checkPackage(contents);
    const expected = (inVitestOnly[name] ?? []).flatMap((entrypoint) => [
      { entrypoint, kind: 'NoResolution', resolutionKind: 'node10' },
      { entrypoint, kind: 'CJSResolvesToESM', resolutionKind: 'node16-cjs' },
    ]);
    expect(analysis.types ? analysis.problems : []).toEqual(expected);
  });

  it('says what it is, whose, from where, and under which licence', async () => {
    const { manifest, files } = await open(tarball);
    expect(manifest).toMatchObject({
      name,
      description: expect.stringMatching(/\.$/),
      keywords: expect.arrayContaining(['successeve']),
      license: 'MIT',
      repository: {
        url: 'git+https://github.com/successeve/successeve-node.git',
        directory: join('packages', name.replace('@successeve/', '')),
      },
      engines: { node: expect.stringMatching(/^>=2\d\.\d+$/) },
      publishConfig: { access: 'public', provenance: true },
      sideEffects: expect.anything(),
    });
    expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md']));
  });

  it('runs nothing when it is installed', async () => {
    const { manifest, files } = await open(tarball);
    for (const hook of ['preinstall', 'install', 'postinstall', 'prepare']) {
      expect(manifest.scripts ?? {}).not.toHaveProperty(hook);
    }
    expect(files).not.toContain('binding.gyp');
  });

  it('depends on nothing that its README gives no reason for', async () => {
    const { manifest, read } = await open(tarball);
    const [, reasons = ''] = read('README.md').split('\n## Dependencies\n');
    for (const [dependency, range] of Object.entries(manifest.dependencies ?? {})) {
      expect(reasons).toContain(`\`${dependency}\``);
      expect(range).toMatch(/^\^\d/);
    }
  });

  it('names the libraries that are built into it, and their licence', async () => {
    const { files, read } = await open(tarball);
    const code = files.filter((file) => /\.[cm]js$/.test(file)).map(read);
    const paths = code.join('\n').matchAll(/^\/\/#region .*\/node_modules\/((?:@[^/\n]+\/)?[^/\n]+)/gm);
    const libraries = new Set(Array.from(paths, ([, library]) => library as string));
    const notices = libraries.size > 0 ? read('THIRD-PARTY-NOTICES.md') : '';
    for (const library of libraries) expect(notices).toContain(`- ${library}, Copyright`);
    // A page is built without such comments, and Vite writes its notices.
    if (files.includes('dist/page/index.html'))
      expect(read('dist/page/licenses.md')).toContain('## preact - ');
  });

  it('holds what is built and nothing else', async () => {
    const { files } = await open(tarball);
    expect(
      files.filter(
        (file) => !/^(?:dist\/|LICENSE$|README\.md$|THIRD-PARTY-NOTICES\.md$|package\.json$)/.test(file),
      ),
    ).toEqual([]);
    // Source maps would be a third of an installation, of code that reads like its source.
    expect(files.filter((file) => file.endsWith('.map'))).toEqual([]);
  });
});
