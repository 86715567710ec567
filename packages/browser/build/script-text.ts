import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

/** The oldest engines with all that the script needs; others get the same script, and may ignore it. */
export const target = 'es2020';

/** Builds the script of a tag to one text, so that a server has it without reading a file. */
export async function scriptText(entry: 'pages' | 'pages-and-events'): Promise<string> {
  const bundle = await rolldown({
    input: fileURLToPath(new URL(`../src/script/${entry}.ts`, import.meta.url)),
    transform: { target },
  });
  const { output } = await bundle.generate({ format: 'es', minify: true });
  return output[0].code.trim();
}
