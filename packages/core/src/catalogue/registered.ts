import type { EventCatalogue } from './catalogue.js';

/**
 * Where an application registers its event catalogue, once, for names and params to be typed everywhere. Named after
 * the package that you import from, an adapter's as well as this one:
 *
 * @example
 * declare module '@successeve/express' {
 *   interface Register { events: typeof events }
 * }
 */
// biome-ignore lint/suspicious/noEmptyInterface: it is for applications to fill.
export interface Register {}

type Registered = Register extends { readonly events: infer Events } ? Events : EventCatalogue;

/** The name of an event: one of the registered catalogue or, without one, any string. */
export type EventUid = keyof Registered & string;

/** What the params of an event may be, before its schema has validated them. */
export type EventParams<Name extends EventUid = EventUid> = Registered[Name] extends {
  readonly params: { readonly '~standard': { readonly types?: infer Types } };
}
  ? NonNullable<Types> extends { readonly input: infer Input }
    ? Input
    : never
  : Readonly<Record<string, unknown>>;

/** `Details` with the params of one event of the registered catalogue; without a catalogue, `Details` as they are. */
export type DetailsOf<Details, Name extends EventUid> = Register extends { readonly events: unknown }
  ? Omit<Details, 'params'> & ParamsMember<EventParams<Name>>
  : Details;

/** An argument that may be left out where nothing in `Details` is required. */
export type OptionalArgument<Details, Argument = Details> = Nothing extends Details
  ? [details?: Argument]
  : [details: Argument];

/** An object of which nothing is required takes this one. */
type Nothing = Record<never, never>;

/** Required, as soon as one of them is. */
type ParamsMember<Params> = Nothing extends Params
  ? { params?: Params | null | undefined }
  : { params: Params };
