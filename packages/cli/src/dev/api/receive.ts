import { reportedHeaderName } from '@successeve/core/dev';
import type { ReceivedMessage, SettledRequest } from '@successeve/testing/handler';
import { chunk, countBy } from 'es-toolkit';
import type { NewRequest, NewRequestEntry } from '../keep/store.js';
import { adviceFor } from './advice.js';
import { maskFor, maskHeader, maskQuery } from './mask.js';

/** A longer text is cut in an entry; the request itself shows it whole. */
const maxTextCharacters = 2048;

/** Reads one field of a message, if it is a string. The request itself shows other values. */
type ReadText = (value: unknown) => string | undefined;

/**
 * Reads a request to keep, without its token.
 *
 * @param rawHeaders - names and values in turn, as received
 */
export function receive(
  settled: SettledRequest,
  rawHeaders: readonly string[],
): readonly [request: NewRequest, entries: readonly NewRequestEntry[]] {
  const headers = chunk(rawHeaders, 2) as [name: string, value: string][];
  const { request, isAccepted, isScripted } = settled;
  const mask = maskFor(settled.shownToken);
  const problem = isScripted || request.problem === undefined ? undefined : mask(request.problem);
  const kept: NewRequest = {
    at: request.receivedAt,
    method: request.method,
    target: mask(request.query === '' ? request.path : `${request.path}?${maskQuery(request.query)}`),
    headers: JSON.stringify(headers.map(([name, value]) => [name, mask(maskHeader(name, value))])),
    body: mask(request.body),
    status: request.status,
    problem,
    advice: problem === undefined ? undefined : adviceFor(problem),
  };
  const text: ReadText = (value) => (typeof value === 'string' ? cut(mask(value)) : undefined);
  const reported = isAccepted ? readReported(headers) : new Set<number>();
  return [kept, isAccepted ? accepted(settled, reported, text) : [rejected(settled, kept, text)]];
}

/** The indices of the events that browsers reported. */
function readReported(headers: readonly [name: string, value: string][]): ReadonlySet<number> {
  const [, indices] = headers.find(([name]) => name.toLowerCase() === reportedHeaderName) ?? [];
  return new Set(indices?.split(',').map(Number));
}

function accepted(
  { request, messages }: SettledRequest,
  reported: ReadonlySet<number>,
  text: ReadText,
): NewRequestEntry[] {
  return messages.map((message, index) => {
    const { kind, fields } = message;
    const params = (fields.params ?? {}) as ReceivedMessage['fields'];
    const createdAt = text(fields.created_at);
    return {
      type: 'accepted',
      at: request.receivedAt,
      kind: kind === 'event' && fields.event_uid === 'pageview' ? 'pageview' : kind,
      index,
      contactUid: text(fields.contact_uid),
      accountUid: text(kind === 'account' ? fields.account_uid : params.account_uid),
      eventUid: text(fields.event_uid),
      displayName: text(kind === 'event' ? params.display_name : params.name),
      visitUrl: kind === 'event' ? text(params.visit_url) : undefined,
      attributes: text(attributesOf(kind, params)),
      occurredAt: createdAt === undefined ? undefined : Date.parse(createdAt),
      isReported: reported.has(index) || undefined,
    };
  });
}

/** The params that an entry has a field for. */
const ownFields = {
  event: ['display_name', 'account_uid', 'visit_url'],
  contact: ['name', 'account_uid'],
  account: ['name'],
};

function attributesOf(kind: keyof typeof ownFields, params: ReceivedMessage['fields']): string | undefined {
  const attributes = Object.entries(params).flatMap(([name, value]) => {
    if (typeof value !== 'string') return `${name}: ${JSON.stringify(value)}`;
    return ownFields[kind].includes(name) ? [] : `${name}: ${value}`;
  });
  return attributes.length > 0 ? attributes.join(', ') : undefined;
}

function rejected(
  { messages, isScripted }: SettledRequest,
  { at, method, target, status, problem, advice }: NewRequest,
  text: ReadText,
): NewRequestEntry {
  const [path = ''] = target.split('?', 1);
  const index = indexAtFault(problem);
  // A problem of the whole batch, such as a spent budget, is not about one of its objects.
  const isAboutOne = index !== undefined || messages.length === 1;
  const fields = isAboutOne ? messages[index ?? 0]?.fields : undefined;
  return {
    type: 'rejected',
    at,
    method,
    path: cut(path),
    status,
    problem,
    advice,
    isFault: isScripted,
    index,
    contents: countBy(messages, ({ kind }) => kind),
    contactUid: text(fields?.contact_uid),
    eventUid: text(fields?.event_uid),
  };
}

/**
 * The index in a batch of the object that it was rejected for; undefined for an element that is not an object, since
 * it is not among the messages.
 */
function indexAtFault(problem: string | undefined): number | undefined {
  const [, index] = /^body\[(\d+)\]\./.exec(problem ?? '') ?? [];
  return index === undefined ? undefined : Number(index);
}

export function cut(value: string): string {
  return value.length > maxTextCharacters ? `${value.slice(0, maxTextCharacters - 1)}…` : value;
}
