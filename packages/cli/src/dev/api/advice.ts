/** Advice for each problem, by the start of the fake API's message. */
const advice: readonly (readonly [problem: RegExp, advice: string])[] = [
  [
    /^API key missing: .*all that this path takes/,
    'A ping sends the token as the user name of HTTP Basic, with an empty password: curl -u "$SUCCESSEVE_API_TOKEN:". The query is for events only.',
  ],
  [
    /^API key missing/,
    'Set SUCCESSEVE_API_TOKEN, or pass apiToken to createTracker. Without an SDK, the token is the user name of HTTP Basic with an empty password: curl -u "$SUCCESSEVE_API_TOKEN:".',
  ],
  [
    /^Wrong API key.*no colon/,
    'The user name and the password of HTTP Basic are joined by a colon before they are encoded, also where the password is empty: base64("<token>:").',
  ],
  [
    /^Wrong API key.*empty password/,
    'The token is the user name of HTTP Basic, and there is no password: base64("<token>:").',
  ],
  [
    /^Wrong API key.*Basic scheme/,
    'The API does not accept bearer tokens. Send the token as the user name of HTTP Basic: Authorization: Basic base64("<token>:").',
  ],
  [
    /^Wrong API key/,
    'This API was started with --token and accepts only that token. Set SUCCESSEVE_API_TOKEN to the same, or start it without --token: then it accepts any.',
  ],
  [
    /^path: /,
    'Events go to /v1/track/event, below apiUrl, contacts to /v1/contact and accounts to /v1/account. Check SUCCESSEVE_API_URL: it ends with the port, without a path.',
  ],
  [/^method: /, 'The API accepts only POST.'],
  [
    /^Too many requests/,
    'The real API has the same limit. An SDK of SuccessEve waits until the reset by itself and loses nothing; batch: true sends up to 100 events in one request. To test without a limit, start with --rate-limit off.',
  ],
  [/^Content-Type: /, 'Send the body as JSON, with Content-Type: application/json.'],
  [
    /^body: expected at most/,
    'Send less in params, or fewer in a batch. Documents and pictures do not belong in params.',
  ],
  [/^body: expected JSON/, 'The body has to be JSON: JSON.stringify of an event, a contact or an account.'],
  [
    /^body: expected an array/,
    '/v1/batch takes a JSON array of 1 to 100 objects, each with its method. Send more in several requests.',
  ],
  [
    /^body(\[\d+\])?: expected an object/,
    'Every event is a JSON object with a contact_uid and an event_uid, every contact one with a contact_uid, and every account one with an account_uid.',
  ],
  [
    /\.method: /,
    'In a batch every object needs its method: "method": "event" for an event or a pageview, "contact" or "account".',
  ],
  [
    /\.contact_uid: /,
    'contact_uid is the id of the person in your application, as a string: String(user.id). Send nothing for a visitor who is not signed in.',
  ],
  [
    /\.event_uid: /,
    'Name the event in snake_case: lower-case letters and digits, joined by single underscores, such as user_registration. The name for people belongs in params.display_name.',
  ],
  [
    /\.visit_url: /,
    'A pageview needs the complete URL that was visited, such as https://myproduct.com/onboarding. Behind a proxy, set baseUrl in the options of tracking().',
  ],
  [
    /\.params\.account_uid: /,
    'params.account_uid is the id of the account as a string: String(account.id). Leave it out where there is none.',
  ],
  [
    /\.account_uid: /,
    'account_uid is the id of the account in your application, as a string: String(account.id).',
  ],
  [
    /\.display_name: /,
    'params.display_name is a text for people, such as "Registration". Leave it out where there is none.',
  ],
  [/\.params: /, 'params is a JSON object with your own attributes. Leave it out where there are none.'],
  [/\.created_at: /, 'created_at is a time in ISO 8601: new Date().toISOString().'],
];

/** Returns how to fix a problem, for the developer of the application. */
export function adviceFor(problem: string): string | undefined {
  return advice.find(([pattern]) => pattern.test(problem))?.[1];
}
