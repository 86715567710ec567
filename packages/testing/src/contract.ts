import { describeValue } from './describe-value.js';

type JsonObject = Readonly<Record<string, unknown>>;

/** Says what breaks the contract in a parsed body, or nothing; `at` is where in the body it looks. */
export type BodyCheck = (body: unknown, at?: string) => string | undefined;

const snakeCase = /^[a-z0-9]+(_[a-z0-9]+)*$/;
const webUrl = /^https?:\/\//i;
const isoDate = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/;
const maxMessages = 100;

/** The API contract of an event and of a pageview. */
export const checkEvent: BodyCheck = (body, at = 'body') =>
  isObject(body)
    ? (checkUid(body, 'contact_uid', at) ??
      checkEventUid(body.event_uid, at) ??
      checkEventParams(body, at) ??
      checkCreatedAt(body.created_at, at))
    : mismatch(at, 'an object', body);

/** A contact as in the vendor's reference. */
export const checkContact: BodyCheck = (body, at = 'body') => checkRecord(body, 'contact_uid', at);

/** An account as in the vendor's reference. */
export const checkAccount: BodyCheck = (body, at = 'body') => checkRecord(body, 'account_uid', at);

/** A batch as the vendor's own clients send it; one invalid object makes it invalid as a whole. */
export const checkBatch: BodyCheck = (body, at = 'body') => {
  if (!Array.isArray(body) || body.length < 1 || body.length > maxMessages) {
    return mismatch(at, `an array of 1 to ${maxMessages} objects`, body);
  }
  for (const [index, message] of body.entries()) {
    const problem = checkMessage(message, `${at}[${index}]`);
    if (problem !== undefined) return problem;
  }
  return undefined;
};

/** Whether a JSON value is an object, and not an array or null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function checkMessage(message: unknown, at: string): string | undefined {
  if (!isObject(message)) return mismatch(at, 'an object', message);
  switch (message.method) {
    case 'event':
      return checkEvent(message, at);
    case 'contact':
      return checkContact(message, at);
    case 'account':
      return checkAccount(message, at);
    default:
      return mismatch(`${at}.method`, '"event", "contact" or "account"', message.method);
  }
}

function checkRecord(body: unknown, uid: string, at: string): string | undefined {
  if (!isObject(body)) return mismatch(at, 'an object', body);
  return checkUid(body, uid, at) ?? checkParams(body.params, at) ?? checkCreatedAt(body.created_at, at);
}

function checkUid(body: JsonObject, name: string, at: string): string | undefined {
  const uid = body[name];
  return typeof uid === 'string' && uid !== ''
    ? undefined
    : mismatch(`${at}.${name}`, 'a non-empty string', uid);
}

function checkEventUid(eventUid: unknown, at: string): string | undefined {
  return typeof eventUid === 'string' && snakeCase.test(eventUid)
    ? undefined
    : mismatch(`${at}.event_uid`, 'a name in snake_case', eventUid);
}

function checkParams(params: unknown, at: string): string | undefined {
  return params === undefined || isObject(params) ? undefined : mismatch(`${at}.params`, 'an object', params);
}

function checkEventParams({ event_uid, params }: JsonObject, at: string): string | undefined {
  const problem = checkParams(params, at);
  if (problem !== undefined) return problem;
  const named = isObject(params) ? params : {};
  return (
    checkOptionalText(named, 'account_uid', at) ??
    checkOptionalText(named, 'display_name', at) ??
    (event_uid === 'pageview' ? checkVisitUrl(named.visit_url, at) : undefined)
  );
}

function checkOptionalText(params: JsonObject, name: string, at: string): string | undefined {
  const text = params[name];
  return text === undefined || typeof text === 'string'
    ? undefined
    : mismatch(`${at}.params.${name}`, 'a string', text);
}

function checkVisitUrl(visitUrl: unknown, at: string): string | undefined {
  // The URL standard mends `http:host` and takes it for absolute; the contract's examples do not.
  return typeof visitUrl === 'string' && webUrl.test(visitUrl) && URL.canParse(visitUrl)
    ? undefined
    : mismatch(`${at}.params.visit_url`, 'an absolute http(s) URL', visitUrl);
}

function checkCreatedAt(createdAt: unknown, at: string): string | undefined {
  return createdAt === undefined || isIsoDate(createdAt)
    ? undefined
    : mismatch(`${at}.created_at`, 'an ISO 8601 date', createdAt);
}

function isIsoDate(value: unknown): boolean {
  const day = typeof value === 'string' ? isoDate.exec(value)?.[1] : undefined;
  if (day === undefined || Number.isNaN(Date.parse(String(value)))) return false;
  // Date.parse takes the 30th of February for the 2nd of March.
  return new Date(day).toISOString().startsWith(day);
}

function mismatch(where: string, expected: string, got: unknown): string {
  return `${where}: expected ${expected}, got ${describeValue(got)}`;
}
