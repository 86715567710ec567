import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A block of TypeScript or JavaScript in a page, as a reader copies it. */
export interface Block {
  /** Where the page is, from the root of the repository. */
  readonly page: string;
  /** The line of its first line of code, from 1. */
  readonly line: number;
  /** The heading it stands under, as a folder may be called: what is under one heading belongs together. */
  readonly section: string;
  readonly language: string;
  readonly lines: readonly string[];
  /** What it is put into before it is compiled: the name of a file in `frames`. */
  readonly frame: string | undefined;
  /** Whether the page shows it because no compiler takes it. */
  readonly fails: boolean;
}

const fence = /^(?<indent> *)(?<marks>`{3,})(?<language>\w*)/;
const compiled = new Set(['ts', 'tsx', 'js', 'jsx', 'mjs', 'cjs', 'typescript', 'javascript']);

/** What a page says of its next block, where no reader sees it: `<!-- code in express -->`, `<!-- code fails -->`. */
const mark = /^ *<!-- code (?:in (?<frame>[\w-]+)|(?<fails>fails)) -->$/;

/** Finds the blocks of a page. @param page - from the root of the repository */
export function blocksOf(root: string, page: string): Block[] {
  const lines = readFileSync(join(root, page), 'utf8').split('\n');
  const blocks: Block[] = [];
  let section = 'top';
  let said: Partial<Record<string, string>> = {};
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    const { indent = '', marks, language = '' } = fence.exec(line)?.groups ?? {};
    if (!marks) {
      section = /^#+ (.*)/.exec(line)?.[1]?.replaceAll(/\W+/g, '-') ?? section;
      said = mark.exec(line)?.groups ?? (line.trim() === '' ? said : {});
      continue;
    }
    const start = index + 1;
    while (index + 1 < lines.length && !lines[++index]?.startsWith(indent + marks));
    if (compiled.has(language)) {
      const code = lines.slice(start, index).map((each) => each.slice(indent.length));
      const { frame, fails } = said;
      blocks.push({
        page,
        line: start + 1,
        section,
        language,
        lines: code,
        frame,
        fails: fails !== undefined,
      });
    }
    said = {};
  }
  return blocks;
}
