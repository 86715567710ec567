import type { EventDescription } from '@successeve/core';

/** The part of a JSON Schema that a table shows. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly description?: string;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

/** The events as Markdown, for developers and for the readers of reports. */
export function trackingPlan(events: readonly EventDescription[]): string {
  const overview = table(
    ['event', 'name for people', 'params'],
    events.map(({ eventUid, displayName = '', params }) => [
      `[\`${eventUid}\`](#${eventUid})`,
      text(displayName),
      params ? Object.keys((params as Schema).properties ?? {}).join(', ') : 'any',
    ]),
  );
  return `${['# Tracking plan', overview, ...events.map(section)].join('\n\n')}\n`;
}

/** One JSON Schema with a definition for the params of each event that has one. */
export function jsonSchemas(events: readonly EventDescription[]): string {
  const described = events.filter(({ params }) => params !== undefined);
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $defs: Object.fromEntries(
      described.map(({ eventUid, displayName, params: { $schema, ...params } = {} }) => [
        eventUid,
        { ...(displayName !== undefined && { title: displayName }), ...params },
      ]),
    ),
  };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

function section({ eventUid, displayName, params }: EventDescription): string {
  const { description, properties = {}, required = [] } = (params ?? {}) as Schema;
  const parts = [`## ${eventUid}`];
  if (displayName !== undefined) parts.push(text(displayName));
  if (description !== undefined) parts.push(text(description));
  const names = Object.keys(properties);
  if (!params) parts.push('Any params: there is no schema, or one that cannot be described.');
  else if (names.length === 0) parts.push('No params.');
  else {
    const rows = Object.entries(properties).map(([name, schema]) => [
      `\`${name}\``,
      typeOf(schema),
      required.includes(name) ? 'required' : 'optional',
      text(schema.description ?? ''),
    ]);
    parts.push(table(['param', 'type', '', ''], rows));
  }
  return parts.join('\n\n');
}

function typeOf(schema: Schema): string {
  const { type, format, items, anyOf, oneOf } = schema;
  const alternatives = anyOf ?? oneOf;
  if (alternatives) return [...new Set(alternatives.map(typeOf))].join(' or ');
  if ('const' in schema) return code(schema.const);
  if (schema.enum) return schema.enum.map(code).join(', ');
  if (type === 'array') return items ? `list of ${typeOf(items)}` : 'list';
  const name = typeof type === 'string' ? type : (type?.join(' or ') ?? 'any');
  return format ? `${name} (${format})` : name;
}

function code(value: unknown): string {
  return `\`${JSON.stringify(value)}\``;
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [titles, titles.map(() => '---'), ...rows].map(line).join('\n');
}

/** A bar or a line break would end the cell. */
function cell(content: string): string {
  return content.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ');
}

/** Escapes the characters that have a meaning in Markdown. */
function text(content: string): string {
  return content.replaceAll(/[\\`*_<>[\]]/g, '\\$&');
}
