import type { EventCatalogue, EventDefinition } from './catalogue.js';
import type { JsonSchemaSource } from './standard-schema.js';

/** One event of a catalogue, for a tracking plan. */
export interface EventDescription {
  readonly eventUid: string;
  readonly displayName?: string | undefined;
  /**
   * JSON Schema (draft 2020-12) of the params as they are sent; `undefined` without a schema, or where its library
   * cannot write one: valibot needs `toStandardJsonSchema` of `@valibot/to-json-schema`, and no library covers every type.
   */
  readonly params?: Readonly<Record<string, unknown>> | undefined;
}

/** Lists a catalogue, in its own order. */
export function describeEvents(events: EventCatalogue): EventDescription[] {
  return Object.entries(events).map(([eventUid, { displayName, params }]) => ({
    eventUid,
    displayName,
    params: params && jsonSchemaOf(params),
  }));
}

function jsonSchemaOf(
  schema: NonNullable<EventDefinition['params']> & Partial<JsonSchemaSource>,
): Readonly<Record<string, unknown>> | undefined {
  try {
    return schema['~standard'].jsonSchema?.output({ target: 'draft-2020-12' });
  } catch {
    // It has a type that JSON Schema does not know.
    return undefined;
  }
}
