import type { DetailsOf, EventUid, OptionalArgument } from '../catalogue/registered.js';
import type { Contact } from '../event/contact.js';
import type { EventDetails } from '../event/event.js';
import type { AccountParams, ContactParams } from '../event/update.js';

/** The details of an event tracked in a request; the contact and the time are the request's. */
export type RequestEventDetails = Pick<EventDetails, 'accountUid' | 'displayName' | 'params'>;

export interface RequestPageviewDetails extends RequestEventDetails {
  /**
   * The absolute URL to record, secret parameters cut.
   * @defaultValue the URL of the request
   */
  visitUrl?: string | URL | undefined;
}

/** The helper of one request, `req.track`. Like the tracker it never throws, except for `strict`. */
export interface RequestTrack {
  /**
   * Records an action of the request's contact. Where the contact is not known yet, the event waits for it, until
   * the end of the response at most, and keeps its own time.
   *
   * @param eventUid - the event's name in snake_case, one of the catalogue's where one is registered
   */
  event<Name extends EventUid>(
    eventUid: Name,
    ...details: OptionalArgument<DetailsOf<RequestEventDetails, Name>>
  ): void;
  /**
   * Records a pageview when the response has ended, in place of the automatic one, also where the rules for that
   * one do not hold: for a POST, for JSON. Prefetches, bots and visitors without consent are still not counted.
   */
  pageview(details?: RequestPageviewDetails): void;
  /**
   * Sends what you know about the request's contact, including the account that the contact belongs to. Sent when
   * something in it has changed, so it may be called with every request. It waits for the contact as an event does.
   */
  contact(params: ContactParams): void;
  /** Sends what you know about the account that the request's contact belongs to, in the same way. */
  account(params: AccountParams): void;
  /** Sets the contact of this request, from here on and for events that still wait. */
  identify(contact: Contact): void;
  /** Records no automatic pageview for this request. */
  skip(): void;
}
