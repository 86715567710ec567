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
 * One event as on the wire, exactly as it was sent. Rejected events have the same type, though they may not
 * fit it.
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

/** An update of a contact as on the wire, by the vendor's reference. */
export interface ReceivedContact {
  readonly contact_uid: string;
  readonly params?: Readonly<Record<string, unknown>>;
  /** `contact` in a batch. */
  readonly method?: string;
  readonly created_at?: string;
}

/** An update of an account as on the wire, by the vendor's reference. */
export interface ReceivedAccount {
  readonly account_uid: string;
  readonly params?: Readonly<Record<string, unknown>>;
  /** `account` in a batch. */
  readonly method?: string;
  readonly created_at?: string;
}

/** An event or update in a request, as on the wire. */
export interface ReceivedMessage {
  readonly kind: 'event' | 'contact' | 'account';
  /** As they came. In a rejected request they may be anything. */
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
  /** The events in the body, also of a rejected request; none where it could not be parsed. */
  readonly events: readonly ReceivedEvent[];
  /** The status it was answered with; undefined until then, and for good after a hang or a reset. */
  readonly status: number | undefined;
  /**
   * What is wrong with this request by the API contract, or too much by the rate limit: what was
   * expected, and what came. Undefined where nothing is, also if a script rejected it. Never contains
   * the token.
   */
  readonly problem: string | undefined;
}
