import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Block } from './blocks.js';

const root = join(import.meta.dirname, '../..');

/** Within this package, so that blocks find what it depends on. */
const folder: string = join(import.meta.dirname, '../.code');

/** Where the blocks lie once they are compiled. */
export const compiledFolder: string = folder;

/** Of each line of a file, the line of the page it comes from. */
interface Source {
  readonly block: Block;
  readonly lines: readonly number[];
}

interface FramedBlock {
  readonly block: Block;
  readonly text: string;
}

/** What a compiler says of a block, with the line of the page: `README.md:26: …`. */
export interface Problem {
  readonly block: Block;
  readonly message: string;
}

/**
 * Compiles every block as a file of its own, with the packages as they were built. Blocks under one heading lie in one
 * folder, so that one can import what another calls `// app.ts` in its first line.
 */
export async function compile(blocks: readonly Block[]): Promise<Problem[]> {
  rmSync(folder, { recursive: true, force: true });
  const sources = new Map<string, Source>();
  const sections = new Map<string, FramedBlock[]>();
  for (const block of blocks) {
    const section = join(block.page.replaceAll(/\W+/g, '-'), block.section);
    const path = join(section, nameOf(block));
    const { text, lines } = framed(block);
    if (sources.has(path))
      throw new Error(`${block.page}:${block.line}: expected a name of its own under its heading`);
    write(path, text);
    sources.set(path, { block, lines });
    sections.set(section, [...(sections.get(section) ?? []), { block, text }]);
  }
  const worlds = new Map(
    [...sections].map(([section, framedBlocks]) => [section, worldOf(framedBlocks, section)]),
  );
  const projects = Map.groupBy(sources.keys(), (path) => worlds.get(dirname(path)) ?? '');
  const outputs = await Promise.all(
    [...projects].map(([world, paths], index) =>
      runCompiler(writeProject(`tsconfig.${index}.json`, world, paths)),
    ),
  );
  return outputs.flatMap((output) => problemsIn(output, sources));
}

/** An application of Next is always bundled. */
const bundled = 'next';

/** What declares something that holds for all that is compiled with it: a catalogue, or what is on a request. */
const declaring = /declare module '@successeve\/|namespace Express/;

/** What is compiled together: what declares something of its own, alone; the others by what their frames declare. */
function worldOf(framedBlocks: readonly FramedBlock[], section: string): string {
  const world = new Set([
    framedBlocks.some(({ text }) => text.includes('@successeve/next')) ? bundled : 'node',
  ]);
  for (const { block, text } of framedBlocks) {
    if (declaring.test(block.lines.join('\n'))) world.add(section);
    else if (block.frame && (declaring.test(text) || existsSync(optionsOf(block.frame))))
      world.add(block.frame);
  }
  return [...world].sort().join(' ');
}

/** Compiler options for the blocks in a frame, such as another major of a library. */
function optionsOf(frame: string): string {
  return join(import.meta.dirname, 'frames', `${frame}.json`);
}

function nameOf({ language, lines, line, frame }: Block): string {
  const named = /^\/\/ ([\w./-]+\.[jt]sx?)$/.exec(lines[0] ?? '')?.[1];
  const extension = language.replace('typescript', 'ts').replace('javascript', 'js');
  // A frame declares types.
  return named ?? `line-${line}.${frame ? extension.replace('js', 'ts') : extension}`;
}

/** A block in its frame; its imports go to the top. */
function framed({ frame, lines, line }: Block): { text: string; lines: number[] } {
  const block = lines.map((text, index) => ({ text, line: line + index }));
  if (!frame) return { text: lines.join('\n'), lines: block.map((each) => each.line) };
  const around = readFileSync(join(import.meta.dirname, 'frames', `${frame}.ts`), 'utf8').split('\n');
  const place = around.findIndex((text) => text.trim() === '// the block');
  if (place === -1) throw new Error(`frames/${frame}.ts: expected a line "// the block", got none`);
  const isImport = ({ text }: { text: string }): boolean => /^import .* from '.*';$/.test(text);
  const frameLines = around.map((text) => ({ text, line }));
  const all = [
    ...block.filter(isImport),
    ...frameLines.slice(0, place),
    ...block.filter((each) => !isImport(each)),
    ...frameLines.slice(place + 1),
  ];
  return { text: all.map(({ text }) => text).join('\n'), lines: all.map((each) => each.line) };
}

function writeProject(name: string, world: string, paths: readonly string[]): string {
  const parts = world.split(' ');
  const compilerOptions = Object.assign(
    parts.includes(bundled) ? { module: 'ESNext', moduleResolution: 'bundler' } : {},
    ...parts
      .map(optionsOf)
      .filter(existsSync)
      .map((path) => JSON.parse(readFileSync(path, 'utf8'))),
  );
  const declarations = ['reader.d.ts', 'tanstack-start.d.ts', 'workers.d.ts'].map((file) =>
    relative(folder, join(import.meta.dirname, file)),
  );
  const files = [...declarations, ...paths];
  return write(name, JSON.stringify({ extends: '../code/tsconfig.blocks.json', compilerOptions, files }));
}

function write(path: string, text: string): string {
  const absolute = join(folder, path);
  mkdirSync(dirname(absolute), { recursive: true });
  writeFileSync(absolute, text);
  return absolute;
}

/** Answers what it printed. */
function runCompiler(path: string): Promise<string> {
  const compiler = join(root, 'node_modules/.bin/tsc');
  return new Promise((resolve) => {
    execFile(compiler, ['-p', path, '--pretty', 'false'], { cwd: folder }, (_error, stdout) =>
      resolve(stdout),
    );
  });
}

function problemsIn(output: string, sources: ReadonlyMap<string, Source>): Problem[] {
  const problems: Problem[] = [];
  for (const [, path = '', line, message] of output.matchAll(/^(\S.*?)\((\d+),\d+\): (.*(?:\n +.*)*)$/gm)) {
    const source = sources.get(path);
    // Not in a block: what they are compiled with is at fault.
    if (!source) throw new Error(`${path}(${line}): ${message}`);
    const { block, lines } = source;
    problems.push({ block, message: `${block.page}:${lines[Number(line) - 1]}: ${message}` });
  }
  if (problems.length === 0 && output.trim() !== '') throw new Error(output);
  return problems;
}
