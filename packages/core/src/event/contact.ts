import { isObject } from './json.js';
import { findUidProblem, readUid, type Uid } from './uid.js';

/** Who made a request. */
export interface Contact {
  /** The contact's id in your application. */
  contactUid: Uid;
  /** The account the contact belongs to. */
  accountUid?: Uid | null | undefined;
}

/** Whether a value names a contact, by the same rule as an event. */
export function isContact(value: unknown): value is Contact {
  return isObject(value) && findUidProblem('contactUid', readUid(value.contactUid)) === undefined;
}
