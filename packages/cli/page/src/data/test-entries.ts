import type { AcceptedEntry, RejectedEntry, ReportEntry } from '../../../src/dev/protocol.js';

/** An event as it arrives, for tests. */
export function event(seq: number, change: Partial<AcceptedEntry> = {}): AcceptedEntry {
  return {
    type: 'accepted',
    seq,
    at: 1_700_000_000_000 + seq,
    kind: 'event',
    requestId: seq,
    index: 0,
    contactUid: 'ada',
    eventUid: 'user_registration',
    ...change,
  };
}

export function rejection(seq: number, change: Partial<RejectedEntry> = {}): RejectedEntry {
  return {
    type: 'rejected',
    seq,
    at: 1_700_000_000_000 + seq,
    requestId: seq,
    method: 'POST',
    path: '/v1/track/event',
    status: 400,
    isFault: false,
    contents: { event: 1 },
    ...change,
  };
}

export function report(seq: number, report: ReportEntry['report']): ReportEntry {
  return { type: 'report', seq, at: 1_700_000_000_000 + seq, report };
}

export const skip: ReportEntry['report'] = {
  type: 'skipped',
  at: 1_700_000_000_000,
  reason: 'no_contact',
  method: 'GET',
  path: '/dashboard',
  status: 200,
};

export const drop: ReportEntry['report'] = {
  type: 'dropped',
  at: 1_700_000_000_000,
  reason: 'queue_full',
  message: 'the queue is full',
  kind: 'event',
  eventUid: 'invoice_paid',
  contactUid: 'grace',
};
