import type { DevReport } from '@successeve/core/dev';
import type { RateLimitState } from '@successeve/testing/handler';

/* The messages between the server of `successeve dev` and its page, of which one is built for Node, one for browsers. */

/** The paths of the server. All others, except those below `/v1/`, are the page. */
export const paths = {
  /**
   * GET: server-sent events, each a {@link StreamMessage} as JSON. First `hello`, then all entries after
   * `?after=<runId>/<seq>` or the header `Last-Event-ID`, oldest first in messages of at most 1 000 entries, then new
   * ones as they arrive.
   */
  stream: '/dev/stream',
  /** GET: a {@link Hello} as JSON, by which a second `successeve dev` recognises the first. */
  hello: '/dev/hello',
  /** GET `/dev/requests/<requestId>`: a {@link RequestDetails}, or 404 where it is no longer kept. */
  requests: '/dev/requests',
  /** PUT a {@link Faults}: sets the faults of all further requests. Same origin only. */
  faults: '/dev/faults',
  /** DELETE: deletes all entries and requests. Same origin only. */
  entries: '/dev/entries',
  /** POST from a tracker with `debug`, `{ reports: DevReport[] }`, with the token. */
  reports: '/dev/reports',
} as const;

export type StreamMessage =
  | Hello
  | { readonly type: 'entries'; readonly entries: readonly Entry[] }
  | { readonly type: 'budget'; readonly budget: Budget | null }
  | { readonly type: 'faults'; readonly faults: Faults }
  /** Everything with a `seq` up to this one was deleted. */
  | { readonly type: 'cleared'; readonly upTo: number };

export interface Hello {
  readonly type: 'hello';
  /** Different after a restart: the page then drops its entries. */
  readonly runId: string;
  /** The value for `apiUrl`, such as `http://127.0.0.1:4319`. */
  readonly apiUrl: string;
  /** The number of the newest entry, 0 before the first. */
  readonly newest: number;
  /** How many entries are kept; the page keeps no more either. */
  readonly maxEntries: number;
  readonly budget: Budget | null;
  readonly faults: Faults;
}

/** The rest of the rate limit. */
export type Budget = RateLimitState;

export interface Faults {
  /** Each concerns its share of the requests; the first match decides. */
  readonly answers: readonly Fault[];
  /** The delay of every response, in milliseconds. */
  readonly latencyMs: number;
}

export interface Fault {
  /** A status from 400 to 599, no response, or a destroyed socket. */
  readonly answer: number | 'hang' | 'reset';
  /** 1 to 100. */
  readonly percent: number;
}

/** A row of the list. */
export type Entry = AcceptedEntry | RejectedEntry | ReportEntry;

interface Arrived {
  /** Rises by one with every entry of a run. */
  readonly seq: number;
  /** When it arrived, in epoch milliseconds. */
  readonly at: number;
}

/** An event or update that the API accepted; each object of a batch is an entry. */
export interface AcceptedEntry extends Arrived {
  readonly type: 'accepted';
  readonly kind: 'event' | 'pageview' | 'contact' | 'account';
  /** Its request, and its index in the batch, from 0. */
  readonly requestId: number;
  readonly index: number;
  readonly contactUid?: string | undefined;
  readonly accountUid?: string | undefined;
  readonly eventUid?: string | undefined;
  /** The name for people: the `display_name` of an event, the `name` of a contact or an account. */
  readonly displayName?: string | undefined;
  readonly visitUrl?: string | undefined;
  /** The other `params`, in one line such as `plan: pro, mrr: 99`. */
  readonly attributes?: string | undefined;
  /** `created_at` in epoch milliseconds, if the event has it. */
  readonly occurredAt?: number | undefined;
  /** Whether a browser reported it. */
  readonly isReported?: true | undefined;
}

/** A request that was not accepted. */
export interface RejectedEntry extends Arrived {
  readonly type: 'rejected';
  readonly requestId: number;
  readonly method: string;
  readonly path: string;
  /** Undefined after a hang or a reset. */
  readonly status?: number | undefined;
  /** What was wrong; undefined for a fault. */
  readonly problem?: string | undefined;
  readonly advice?: string | undefined;
  /** Whether {@link Faults} answered: then the request itself may be valid. */
  readonly isFault: boolean;
  /** The index in the batch, from 0, of the object that it was rejected for. */
  readonly index?: number | undefined;
  /** How many of each kind it has, as far as it could be read. */
  readonly contents: Readonly<Partial<Record<'event' | 'contact' | 'account', number>>>;
  /** Those of the object at fault, or of the only one. */
  readonly contactUid?: string | undefined;
  readonly eventUid?: string | undefined;
}

/** A request that the application did not count, an event that it dropped, or a warning. */
export interface ReportEntry extends Arrived {
  readonly type: 'report';
  readonly report: DevReport;
}

/** A request as it was received. */
export interface RequestDetails {
  readonly id: number;
  readonly at: number;
  readonly method: string;
  /** With the query; the token is masked. */
  readonly target: string;
  /** As received, in order; the token is masked. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  readonly status?: number | undefined;
  readonly problem?: string | undefined;
  readonly advice?: string | undefined;
  /** A command that repeats the request, with the token as a shell variable. */
  readonly curl: string;
}
