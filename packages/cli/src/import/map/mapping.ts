import { printable, shellWord, UsageError } from '@successeve/command-line';
import { BadLine, type Content, type JsonRecord, type LineSource } from '../read/line.js';
import { EventFields } from './event-fields.js';
import { type Field, fieldNamed } from './field.js';
import { type ImportedEvent, importedEvent } from './imported-event.js';

/** The options that map the fields of the file to those of an event. */
export interface MappingOptions {
  /** `contact_uid=user_id`: the field of an event, and its name in the file. */
  readonly map?: readonly string[] | undefined;
  /** `event_uid=user_registered`: a value for every line. */
  readonly set?: readonly string[] | undefined;
  /** Fields of the file whose text is JSON. */
  readonly parseJson?: readonly string[] | undefined;
  /** How to treat fields that are not fields of an event; by default, a line that has any is rejected. */
  readonly rest?: 'params' | 'ignore' | undefined;
}

/** A field of an event, and the name or value that the command line gives it. */
interface Decision {
  readonly field: Field;
  readonly from: string;
}

/** The field of a rejected line with the reason; ignored when the line is imported again. */
export const rejectionName = 'rejection';

/** Reads the events in the records of the file. */
export class Mapping {
  readonly #map: readonly Decision[];
  readonly #set: readonly Decision[];
  readonly #rest: MappingOptions['rest'];
  readonly #parseJson: ReadonlySet<string>;

  /** @throws UsageError for an invalid option */
  constructor({ map = [], set = [], parseJson = [], rest }: MappingOptions) {
    this.#map = map.map((option) => readDecision('--map', option));
    this.#set = set.map((option) => readDecision('--set', option));
    const names = [...this.#map, ...this.#set].map(({ field }) => field);
    const twice = names.find((name, index) => names.indexOf(name) < index);
    if (twice !== undefined) {
      throw new UsageError(`--map, --set: expected each field once, got ${twice} twice`);
    }
    this.#rest = rest;
    this.#parseJson = new Set(parseJson);
  }

  /**
   * Checks the names in the file before anything is sent.
   *
   * @throws UsageError where a name is missing or unknown
   */
  async check(path: string, source: LineSource): Promise<void> {
    const { names, hasColumns } = source;
    if (hasColumns) this.#checkColumns(path, names);
    else await this.#checkNames(path, source);
    const unknown = this.#rest ? [] : names.filter((name) => !this.#isKnown(name));
    if (unknown.length === 0) return;
    throw new UsageError(
      `${path}: ${listed(unknown)} ${unknown.length === 1 ? 'is not an event field' : 'are not event fields'}.\n` +
        `  --map ${shellWord(printable(`params.${unknown[0]}=${unknown[0]}`))}  sends it as an attribute of the event\n` +
        `  --rest params  sends all of them as attributes\n` +
        `  --rest ignore  leaves them out`,
    );
  }

  /** @throws BadLine */
  read(content: Content, now: number): ImportedEvent {
    if (content.type === 'unreadable') throw new BadLine(content.problem);
    const record = content.type === 'record' ? content.record : {};
    const fields = new EventFields();
    for (const { field, from } of this.#set) fields.setByOption(field, field, from);
    for (const { field, from } of this.#map)
      fields.setByOption(field, from, this.#value(field, from, valueAt(record, from)));
    for (const name of Object.keys(record)) {
      const field = this.#fieldFor(name);
      if (field) fields.set(field, name, this.#value(field, name, record[name]));
    }
    return importedEvent(fields, now);
  }

  /** The field of an event for a field of the file that no option names. */
  #fieldFor(name: string): Field | undefined {
    const field = fieldNamed(name);
    if (field || this.#isKnown(name) || this.#rest === 'ignore') return field;
    if (this.#rest === 'params') return `params.${name}`;
    throw new BadLine(`${name}: not an event field, and neither --map nor --rest covers it`);
  }

  #isKnown(name: string): boolean {
    return (
      name === rejectionName || fieldNamed(name) !== undefined || this.#map.some(({ from }) => from === name)
    );
  }

  #value(field: Field, name: string, value: unknown): unknown {
    const isJson = typeof value === 'string' && (field === 'params' || this.#parseJson.has(name));
    if (!isJson) return value;
    try {
      return JSON.parse(value);
    } catch {
      throw new BadLine(`${name}: expected JSON, got another text`);
    }
  }

  /** Reads until every name of the command line was found: one that is in no line is a mistake. */
  async #checkNames(path: string, source: LineSource): Promise<void> {
    const missing = new Set(this.#namesInFile);
    for await (const { content } of source.lines(source.start)) {
      if (missing.size === 0) return;
      if (content.type !== 'record') continue;
      // JSON has no undefined: an undefined value is a missing field.
      for (const name of missing) if (valueAt(content.record, name) !== undefined) missing.delete(name);
    }
    const [name] = missing;
    if (name === undefined || source.names.length === 0) return;
    throw new UsageError(
      `${path}: expected a field ${listed([name])}, as --map or --parse-json names it, got none in any line. The first line has ${listed(source.names)}`,
    );
  }

  get #namesInFile(): readonly string[] {
    return [...this.#map.map(({ from }) => from), ...this.#parseJson];
  }

  #checkColumns(path: string, names: readonly string[]): void {
    const missing = this.#namesInFile.find((name) => !names.includes(name));
    if (missing !== undefined) {
      throw new UsageError(`${path}: expected a column ${listed([missing])}, got ${listed(names)}`);
    }
    const decided = [...this.#map, ...this.#set].map(({ field }) => field);
    const all = [...decided, ...names.map(fieldNamed)];
    const allNeeded = this.#neededFields(all);
    for (const needed of allNeeded) {
      if (all.includes(needed)) continue;
      const ways = [`--map ${needed}=<column>  names its column`];
      if (needed === 'event_uid') ways.push(`--set ${needed}=<value>  sets one for all lines`);
      if (allNeeded.includes('event_uid')) {
        ways.push('--set method=contact, or =account, if the lines update those');
      }
      throw new UsageError(
        `${path}: expected a column ${needed}, got ${listed(names)}.\n  ${ways.join('\n  ')}`,
      );
    }
  }

  /** The fields that every line needs, as far as the options set their kind. */
  #neededFields(all: readonly (Field | undefined)[]): readonly Field[] {
    const isKind = (field: Field | undefined): boolean => field === 'method' || field === 'kind';
    const kind = this.#set.find(({ field }) => isKind(field))?.from;
    if (kind === 'contact') return ['contact_uid'];
    if (kind === 'account') return ['account_uid'];
    // A column sets the kind of each line.
    if (kind === undefined && all.some(isKind)) return [];
    return ['contact_uid', 'event_uid'];
  }
}

const mappable = 'contact_uid, event_uid, account_uid, display_name, visit_url, created_at, params.<name>';

function readDecision(option: '--map' | '--set', text: string): Decision {
  const at = text.indexOf('=');
  const field = fieldNamed(text.slice(0, Math.max(0, at)));
  const from = text.slice(at + 1);
  const isPossible = field !== undefined && (option === '--map' || field !== 'params');
  if (isPossible && from !== '') return { field, from };
  const names = option === '--map' ? `${mappable}, params` : mappable;
  const what = option === '--map' ? 'name in the file' : 'value';
  throw new UsageError(`${option}: expected <field>=<${what}> with a field of ${names}, got ${text}`);
}

/** The value of a field, or of one in an object in it: `user.id`. */
function valueAt(record: JsonRecord, path: string): unknown {
  if (Object.hasOwn(record, path)) return record[path];
  let value: unknown = record;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as JsonRecord)[name];
  }
  return value;
}

function listed(names: readonly string[]): string {
  return names.map((name) => printable(JSON.stringify(name))).join(', ');
}
