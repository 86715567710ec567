import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

/**
 * Lints what `compile` has written with those rules of typescript-eslint that find a promise in the wrong place, as
 * many a reader's project does. Returns a line for each problem.
 */
export async function lint(folder: string): Promise<string[]> {
  const eslint = new ESLint({
    cwd: folder,
    overrideConfigFile: true,
    overrideConfig: [
      {
        files: ['**/*.ts'],
        plugins: { '@typescript-eslint': tseslint.plugin },
        languageOptions: {
          parser: tseslint.parser,
          parserOptions: { project: './tsconfig.*.json', tsconfigRootDir: folder },
        },
        rules: {
          '@typescript-eslint/no-floating-promises': 'error',
          '@typescript-eslint/no-misused-promises': 'error',
        },
      },
    ],
  });
  const results = await eslint.lintFiles(['**/*.ts']);
  return results.flatMap(({ filePath, messages }) =>
    messages.map(({ line, message }) => `${filePath.slice(folder.length + 1)}:${line}: ${message}`),
  );
}
