import type { DevReport } from '@successeve/core/dev';

/*
 * What the server of `successeve dev` and its page say to each other. Types only: the page is built for browsers,
 * the server for Node.
 */

/** Where they are, below the server's origin. Whatever is not here or below `/v1/` is the page. */
export interface Paths {
  /**
   * GET: server-sent events, a {@link StreamMessage} as the JSON of each. It begins with `hello`, then tells all that
   * is kept after `?after=<runId>/<seq>`, or after the header `Last-Event-ID`, which says the same, oldest first in
   * messages of at most 1 000 entries, then goes on live.
   */
  readonly stream: '/dev/stream';
  /** GET: a {@link Hello} as JSON, by which one `successeve dev` knows another. */
  readonly hello: '/dev/hello';
  /** GET `/dev/requests/<requestId>`: a {@link RequestDetails}, or 404 where it is no longer kept. */
  readonly requests: '/dev/requests';
  /** PUT a {@link Faults}: from now on requests are answered so. Same origin only. */
  readonly faults: '/dev/faults';
  /** DELETE: forgets all entries and requests. Same origin only. */
  readonly entries: '/dev/entries';
  /** POST from a tracker with `debug`, `{ reports: DevReport[] }`, with the token. */
  readonly reports: '/dev/reports';
}

export type StreamMessage =
  | Hello
  | { readonly type: 'entries'; readonly entries: readonly Entry[] }
  | { readonly type: 'budget'; readonly budget: Budget | null }
  | { readonly type: 'faults'; readonly faults: Faults }
  /** Everything with a `seq` up to this one was forgotten. */
  | { readonly type: 'cleared'; readonly upTo: number };

export interface Hello {
  readonly type: 'hello';
  /** Another one after a restart: what the page knows then is of no worth. */
  readonly runId: string;
  /** What `apiUrl` has to be, such as `http://127.0.0.1:4319`. */
  readonly apiUrl: string;
  /** The number of the newest entry, 0 before the first: who has been told of it has been told everything. */
  readonly newest: number;
  /** How many entries are kept; the page keeps no more either. */
  readonly maxEntries: number;
  readonly budget: Budget | null;
  readonly faults: Faults;
}

/** What is left of the rate limit; null where there is none. */
export interface Budget {
  readonly limit: number;
  readonly remaining: number;
  readonly windowMs: number;
  /** Epoch milliseconds; null before the first request of a window. */
  readonly resetsAt: number | null;
}

/** What goes wrong on purpose. */
export interface Faults {
  /** Each is met by its own share of the requests; the first that hits answers. */
  readonly answers: readonly Fault[];
  /** Added to every answer, in milliseconds. */
  readonly latencyMs: number;
}

export interface Fault {
  /** A status, 400 to 599; or no answer at all, or a socket that is destroyed. */
  readonly answer: number | 'hang' | 'reset';
  /** 1 to 100. */
  readonly percent: number;
}

/** A row of the list. */
export type Entry = AcceptedEntry | RefusedEntry | ReportEntry;

interface Arrived {
  /** Rises by one with every entry of a run. */
  readonly seq: number;
  /** When it arrived, in epoch milliseconds. */
  readonly at: number;
}

/** Something that the API accepted; a batch is as many entries. */
export interface AcceptedEntry extends Arrived {
  readonly type: 'accepted';
  readonly kind: 'event' | 'pageview' | 'contact' | 'account';
  /** The request that brought it, and its place in the batch, from 0. */
  readonly requestId: number;
  readonly index: number;
  readonly contactUid?: string | undefined;
  readonly accountUid?: string | undefined;
  readonly eventUid?: string | undefined;
  /** What people should read: the `display_name` of an event, the `name` of a contact or an account. */
  readonly displayName?: string | undefined;
  readonly visitUrl?: string | undefined;
  /** What else is in the `params`, in one line such as `plan: pro, mrr: 99`. */
  readonly attributes?: string | undefined;
  /** Epoch milliseconds of `created_at`, where it came. */
  readonly occurredAt?: number | undefined;
}

/** A request that was not accepted. */
export interface RefusedEntry extends Arrived {
  readonly type: 'refused';
  readonly requestId: number;
  readonly method: string;
  readonly path: string;
  /** None after a hang or a reset. */
  readonly status?: number | undefined;
  /** What was wrong, in words; none where a fault was switched on. */
  readonly problem?: string | undefined;
  /** How to mend it, in words. */
  readonly advice?: string | undefined;
  /** Whether it was refused on purpose, by {@link Faults}. */
  readonly isFault: boolean;
  /** The place in the batch, from 0, of what all of it was refused for. */
  readonly index?: number | undefined;
  /** How many of each kind were in it, as far as it could be read. */
  readonly contents: Readonly<Partial<Record<'event' | 'contact' | 'account', number>>>;
  /** Of what it was refused for, or of all that was in it; neither where it is about several. */
  readonly contactUid?: string | undefined;
  readonly eventUid?: string | undefined;
}

/** What an application did not count, dropped, or warns of. */
export interface ReportEntry extends Arrived {
  readonly type: 'report';
  readonly report: DevReport;
}

/** A request as it was received. */
export interface RequestDetails {
  readonly id: number;
  readonly at: number;
  readonly method: string;
  /** With the query, in which the token is masked. */
  readonly target: string;
  /** In the order of arrival; the token is masked. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  readonly status?: number | undefined;
  readonly problem?: string | undefined;
  readonly advice?: string | undefined;
  /** A command that repeats the request; the token is a shell variable in it. */
  readonly curl: string;
}
