import type { IncomingHttpHeaders } from 'node:http';

/**
 * The `params` of an event as they came: the names of the API contract, and any attributes of the
 * customer's own.
 */
export interface ReceivedEventParams {
  /** The account that the event belongs to, by the API contract. */
  readonly account_uid?: string;
  /** A name for people, by the API contract. */
  readonly display_name?: string;
  /** The absolute URL that was visited, by the API contract on every pageview. */
  readonly visit_url?: string;
  readonly [attribute: string]: unknown;
}

/**
 * One event in the words of the wire, exactly as it was sent. Events that were refused are typed the
 * same, though what was wrong with them may be that they do not fit.
 */
export interface ReceivedEvent {
  /** The contact that the event belongs to, by the API contract. */
  readonly contact_uid: string;
  /** The event's name in snake_case, by the API contract; `pageview` for a pageview. */
  readonly event_uid: string;
  readonly params?: ReceivedEventParams;
  /** `event` in a batch, from the vendor's own clients; a single event has none. */
  readonly method?: string;
  /** When it happened, ISO 8601, from the vendor's own clients. */
  readonly created_at?: string;
}

/** What is told of one contact in the words of the wire, by the vendor's reference. */
export interface ReceivedContact {
  readonly contact_uid: string;
  readonly params?: Readonly<Record<string, unknown>>;
  /** `contact` in a batch. */
  readonly method?: string;
  readonly created_at?: string;
}

/** What is told of one account in the words of the wire, by the vendor's reference. */
export interface ReceivedAccount {
  readonly account_uid: string;
  readonly params?: Readonly<Record<string, unknown>>;
  /** `account` in a batch. */
  readonly method?: string;
  readonly created_at?: string;
}

/** One thing that a request brought, in the words of the wire. */
export interface ReceivedMessage {
  readonly kind: 'event' | 'contact' | 'account';
  /** As they came. Where the request was refused, nothing is known of them. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** One request that the fake API read to its end, whether it was accepted or not. */
export interface ReceivedRequest {
  /** When its body was complete, in epoch milliseconds. */
  readonly receivedAt: number;
  /** The HTTP method, such as `POST`. */
  readonly method: string;
  /** The path without the query, such as `/v1/track/event`. */
  readonly path: string;
  /** What came behind the `?` of the URL, as it came; empty when nothing did. */
  readonly query: string;
  /** The headers by lower-case name. `authorization` is as it came: nothing here leaves the machine. */
  readonly headers: Readonly<IncomingHttpHeaders>;
  /** The body as text. Of one that is too large, as much as may be sent. */
  readonly body: string;
  /** The events in the body, even where the request was refused; none where it could not be parsed. */
  readonly events: readonly ReceivedEvent[];
  /** The status it was answered with; undefined until then, and for good after a hang or a reset. */
  readonly status: number | undefined;
  /**
   * What is wrong with this request by the API contract, or too much by the rate limit: what was
   * expected, and what came. Undefined where nothing is, whatever a script answered. Never contains
   * the token.
   */
  readonly problem: string | undefined;
}
