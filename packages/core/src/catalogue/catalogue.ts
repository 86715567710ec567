import { describe, invalidOption, wrongOption } from '../errors.js';
import { type ActionKind, pageviewUid, type TrackedEvent } from '../event/event.js';
import { isObject, type JsonObject } from '../event/json.js';
import { isSnakeCase } from '../event/snake-case.js';
import { isPromiseLike } from '../runtime/promise-like.js';
import { schemaProblem } from './schema-problem.js';
import type { StandardSchema } from './standard-schema.js';

/** What an event is called, and which attributes it has. */
export interface EventDefinition {
  /** A name for people to read, for every event of the kind that is tracked without one. */
  readonly displayName?: string | undefined;
  /**
   * What its params have to be: a schema of zod, valibot, arktype or any other library of the Standard Schema. It has
   * to validate synchronously, and its output is what is sent: defaults filled in, values transformed.
   * @defaultValue anything that JSON can carry
   */
  readonly params?: StandardSchema<object> | undefined;
}

/** The events of an application, by their names. */
export type EventCatalogue = Readonly<Record<string, EventDefinition>>;

/** Why an event does not match the catalogue. */
export interface Mismatch {
  readonly problem: string;
  readonly cause?: unknown;
}

/**
 * Defines the events that an application tracks: pass them to `createTracker` as `events`, and register them once as
 * {@link Register} shows. Names and params are then checked by the compiler and at every call.
 *
 * @throws TrackingError with the code `invalid_options`, saying what was expected and what came.
 */
export function defineEvents<Events extends EventCatalogue>(events: Events): Events {
  checkEvents(events);
  return events;
}

function checkEvents(events: unknown): void {
  if (!isObject(events)) throw invalidOption('events', 'an object of events by name', events);
  for (const [eventUid, definition] of Object.entries(events)) {
    const at = `events.${eventUid}`;
    if (!isSnakeCase(eventUid)) {
      throw wrongOption(at, 'a snake_case name such as user_registration', JSON.stringify(eventUid));
    }
    if (eventUid === pageviewUid) {
      throw wrongOption(at, 'an event', 'a pageview, which needs no definition');
    }
    if (!isObject(definition)) {
      throw invalidOption(at, 'an object with displayName and params, or neither', definition);
    }
    const { displayName, params, ...others } = definition;
    const [other] = Object.keys(others);
    if (other !== undefined) throw wrongOption(at, 'displayName and params', other);
    if (displayName !== undefined && typeof displayName !== 'string') {
      throw invalidOption(`${at}.displayName`, 'a string', displayName);
    }
    if (params !== undefined && !isSchema(params)) {
      throw invalidOption(`${at}.params`, 'a Standard Schema', params);
    }
  }
}

/** A schema may be a function, as those of arktype are. */
function isSchema(value: unknown): boolean {
  if (typeof value !== 'function' && !isObject(value)) return false;
  const { '~standard': standard } = value as Partial<StandardSchema>;
  return typeof standard?.validate === 'function';
}

export class Catalogue {
  readonly #definitions: ReadonlyMap<string, EventDefinition>;

  constructor(events: EventCatalogue) {
    checkEvents(events);
    this.#definitions = new Map(Object.entries(events));
  }

  /** Completes an event by its definition: the name for people is filled in, the params are the schema's output. */
  complete(event: TrackedEvent<ActionKind>): TrackedEvent<ActionKind> | Mismatch {
    if (event.kind === 'pageview') return event;
    const { eventUid, params = {} } = event;
    const definition = this.#definitions.get(eventUid);
    if (!definition) {
      const got = typeof eventUid === 'string' ? JSON.stringify(eventUid.slice(0, 60)) : describe(eventUid);
      return { problem: `eventUid: expected an event of the catalogue, got ${got}` };
    }
    const displayName = event.displayName ?? definition.displayName;
    if (!definition.params) return { ...event, displayName };
    if (!isObject(params)) return { problem: `params: expected an object, got ${describe(params)}` };
    const validated = validate(definition.params, params);
    return 'problem' in validated ? validated : { ...event, displayName, params: validated.value };
  }
}

function validate(schema: StandardSchema, params: unknown): { readonly value: JsonObject } | Mismatch {
  try {
    const result = schema['~standard'].validate(params);
    if (isPromiseLike(result)) {
      // A rejection that nothing handles would end the process.
      result.then(undefined, () => {});
      return {
        problem:
          'params: expected a synchronous schema, since an event is frozen at the call, got a promise: a check is asynchronous, or threw',
      };
    }
    if (result.issues) return { problem: schemaProblem(result.issues, params) };
    return { value: result.value as JsonObject };
  } catch (cause) {
    return {
      problem: 'params: expected a result of the schema, but it threw; what it threw is the cause',
      cause,
    };
  }
}
