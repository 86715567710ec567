import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { CommandError } from '@successeve/command-line';
import { defineEvents, type EventCatalogue } from '@successeve/core';

/** @throws CommandError where the module cannot be imported, or exports no catalogue. */
export async function loadCatalogue(path: string, name: string): Promise<EventCatalogue> {
  const exported = await importModule(path);
  // A CommonJS module may show its exports on its default alone.
  const { default: main } = exported as { default?: Record<string, unknown> };
  const events = exported[name] ?? main?.[name] ?? main;
  if (events === undefined) {
    const names = Object.keys(exported).join(', ') || 'nothing';
    throw new CommandError(`${path}: expected an export "${name}" or a default one, got ${names}`);
  }
  try {
    return defineEvents(events as EventCatalogue);
  } catch (error) {
    // Its messages name every catalogue `events`.
    throw new CommandError(`${path}: ${messageOf(error).replace(/^events\b/, name)}`);
  }
}

async function importModule(path: string): Promise<Record<string, unknown>> {
  if (!existsSync(path)) throw new CommandError(`${path}: file not found`);
  try {
    return await import(pathToFileURL(resolve(path)).href);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const advice =
      code === 'ERR_UNKNOWN_FILE_EXTENSION'
        ? '. Node reads TypeScript from 22.18 on; before, name the file that it is compiled to'
        : '';
    throw new CommandError(
      `${path} could not be imported: ${messageOf(error)}${placeOf(error, path)}${advice}`,
    );
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The place of an error in the files of the application, if known: ` (/shop/events.mjs:3)`. */
function placeOf(error: unknown, path: string): string {
  // A syntax error has no place in a stack: Node prints it.
  const checked = error instanceof SyntaxError ? spawnSync(process.execPath, ['--check', path]).stderr : '';
  const stack = `${checked}\n${error instanceof Error ? error.stack : ''}`;
  const places = [...stack.matchAll(/(file:\/\/[^\s()]+?|(?<=[\s(]|^)\/[^\s():]+):(\d+)/g)];
  const [, file = '', line] = places.find(([, one = '']) => !one.startsWith(ownFolder)) ?? [];
  if (file === '') return '';
  return ` (${file.startsWith('file:') ? fileURLToPath(file) : file}:${line})`;
}

const ownFolder = new URL('.', import.meta.url).href;
