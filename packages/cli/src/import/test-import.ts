import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FakeApi, startFakeApi } from '@successeve/testing';
import { afterEach, beforeEach, expect, onTestFinished } from 'vitest';
import { type Running, startCommand } from '../../test/command.js';
import { type JournalContent, type JournalState, readJournal } from './keep/journal.js';

type Target = Pick<FakeApi, 'url' | 'token'>;

/** The API of the test. */
export let api: FakeApi;

/** Starts an API for each test of a file. */
export function startApiForEachTest(): void {
  beforeEach(async () => {
    api = await startFakeApi();
  });
  afterEach(() => api.close());
}

/** The contacts of the events that the API accepted, in order. */
export function contacts(): string[] {
  return api.events.map(({ contact_uid }) => contact_uid);
}

/** How a command ended, and what it said. */
export interface Ended {
  /** None after a kill. */
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Writes a file into a folder of its own, which is removed with the test. */
export function newFile(name: string, content: string | Buffer): string {
  const folder = mkdtempSync(join(tmpdir(), 'successeve-import-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** Starts the built `successeve import`. */
export function startImport({ url, token }: Target, path: string, ...options: string[]): Running {
  // Not from within npx, even where the tests are.
  const env = { SUCCESSEVE_API_URL: url, SUCCESSEVE_API_TOKEN: token, npm_command: '' };
  return startCommand(['import', path, ...options], { env });
}

/** Runs it to its end. */
export function runImport(api: Target, path: string, ...options: string[]): Promise<Ended> {
  return endOf(startImport(api, path, ...options), api);
}

/** Waits for the end of an import. Whatever it said, the token was not in it. */
export async function endOf(running: Running, { token }: Target): Promise<Ended> {
  const code = await running.ended;
  const { out, err } = running;
  if (token) expect(out + err).not.toContain(token);
  return { code, out, err };
}

/** How far the import of a file has come. */
export function readJournalOf(path: string): JournalState {
  const journal = readJournal(`${path}.import.journal`);
  expect(journal).toBeDefined();
  return (journal as JournalContent).state;
}

/** The lines of a file with JSON on each. */
export function readNdjson(path: string): Record<string, unknown>[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

export function ndjson(lines: readonly object[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** Lines of which each is an event of a contact of its own, from `c1` on. */
export function eventLines(count: number): { contact_uid: string; event_uid: string; created_at: string }[] {
  return Array.from({ length: count }, (_, index) => ({
    contact_uid: `c${index + 1}`,
    event_uid: 'user_registered',
    created_at: '2024-01-02T03:04:05.000Z',
  }));
}
