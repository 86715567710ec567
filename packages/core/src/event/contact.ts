import type { Uid } from './uid.js';

/** Who made a request. */
export interface Contact {
  /** The contact's id in your application. */
  contactUid: Uid;
  /** The account the contact belongs to. */
  accountUid?: Uid | null | undefined;
}
