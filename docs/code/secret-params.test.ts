import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  ordinaryWords,
  qualifiers,
  secretNames,
  secretWords,
} from '../../packages/core/src/adapter/url/secret-params.js';

const page = join(import.meta.dirname, '../privacy-and-security.md');

const list = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');

const region = `<!-- #region secret-params -->
| a parameter is secret | |
| --- | --- |
| with one of these names | ${list(secretNames)} |
| with one of these as its last word | ${list(secretWords)} |
| with one of these as its last word | ${list(ordinaryWords)}, |
| and one of these as another | ${list(qualifiers)} |
<!-- #endregion secret-params -->`;

it('the list of secret parameters is that of the code: `vitest run --project docs -u` writes it', async () => {
  const written = await readFile(page, 'utf8');
  const generated = written.replace(
    /<!-- #region secret-params -->.*<!-- #endregion secret-params -->/s,
    () => region,
  );
  await expect(generated).toMatchFileSnapshot(page);
});
