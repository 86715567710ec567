import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { defineEvents, type EventCatalogue } from '@successeve/core';
import { CommandError } from '../command-error.js';

/**
 * Imports the module that exports a catalogue.
 *
 * @throws CommandError where it cannot be imported, or exports no catalogue.
 */
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
    throw new CommandError(`${path}: ${messageOf(error)}`);
  }
}

async function importModule(path: string): Promise<Record<string, unknown>> {
  try {
    return await import(pathToFileURL(resolve(path)).href);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const advice =
      code === 'ERR_UNKNOWN_FILE_EXTENSION'
        ? '. Node reads TypeScript from 22.18 on; before, name the file that it is compiled to'
        : '';
    throw new CommandError(`${path} could not be imported: ${messageOf(error)}${advice}`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
