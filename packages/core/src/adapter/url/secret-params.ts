import { memoize } from '../../runtime/memoize.js';

/** Names that are secret as they are. */
export const secretNames: readonly string[] = [
  // What signs in or authorises.
  ...['code', 'state', 'ticket', 'session', 'session_id', 'phpsessid', 'jsessionid', 'user_code'],
  ...['auth', 'authorization', 'bearer', 'sso', 'pass', 'apikey', 'id_token_hint', 'rp_key'],
  // Single sign-on by SAML, WS-Federation and CAS.
  ...['samlresponse', 'samlrequest', 'samlart', 'wresult', 'pgtid', 'pgtiou'],
  // URLs signed by Amazon CloudFront and S3, and by Google Cloud Storage; previews of Vercel.
  ...['awsaccesskeyid', 'key_pair_id', 'policy', 'googleaccessid'],
  ...['vercel_share', 'x_vercel_protection_bypass'],
];

/** Words that make a name secret where they are its last: `reset_token`, `oauthVerifier`, `user[password]`. */
export const secretWords: readonly string[] = [
  ...['token', 'secret', 'password', 'passwd', 'pwd', 'passphrase', 'passcode', 'credential', 'credentials'],
  ...['jwt', 'otp', 'totp', 'ott', 'csrf', 'xsrf', 'sid'],
  ...['signature', 'sig', 'hmac', 'verifier', 'handshake', 'assertion'],
];

/** Of these, the ones that no other English word ends in: `accesstoken` is secret, `recsig` is not. */
const secretEndings = ['token', 'secret', 'password', 'passwd', 'jwt', 'signature', 'verifier'] as const;

/** Ordinary last words, which are secret where another word of the name says what they are for. */
export const ordinaryWords: readonly string[] = ['code', 'hash', 'key', 'ticket', 'session', 'state', 'link'];

/** The words that say so: `oobCode`, `token_hash`, `access_key`; but not `country_code` or `commit_hash`. */
export const qualifiers: readonly string[] = [
  ...['token', 'secret', 'password', 'otp', 'totp', 'mfa', '2fa', 'sms', 'email', 'oob', 'magic'],
  ...['auth', 'oauth', 'oauth2', 'oidc', 'sso', 'saml', 'authentication', 'authorization', 'api', 'access'],
  ...['login', 'signin', 'signup', 'session', 'device', 'security', 'private', 'signing'],
  ...['verify', 'verification', 'confirm', 'confirmation', 'activation', 'reset', 'recovery', 'unlock'],
  ...['invite', 'invitation'],
];

/** Where a word begins inside a name: `resetToken`, `IDToken`. */
const humps = /(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g;

/** The end of names such as `token[]` and `token[0]`, which frameworks read as lists. */
const listEnding = /(?:\[\d*\])+$/;

/** Without separators, since `SAMLResponse`, `saml_response` and `samlresponse` are the same name. */
const names: ReadonlySet<string> = new Set(secretNames.map((name) => name.replaceAll('_', '')));
const joinedEnding = new RegExp(`(?:${secretEndings.join('|')})$`);
/** Names written as one word: `oobcode`, `sessionid`. */
const joinedPair = new RegExp(`^(?:${qualifiers.join('|')})+(?:${ordinaryWords.join('|')})$`);

/** Returns whether a query parameter is secret. */
export type IsSecret = (name: string) => boolean;

/** The default secret parameters and `more`, in any case. */
export function secretParameters(more: readonly string[]): IsSecret {
  const own = new Set(more.map((name) => name.toLowerCase()));
  return memoize((name) => {
    const single = name.replace(listEnding, '');
    const parts = wordsOf(single);
    return own.has(single.toLowerCase()) || own.has(parts.join('_')) || isSecretByDefault(single, parts);
  });
}

function isSecretByDefault(name: string, parts: readonly string[]): boolean {
  const last = parts.at(-1);
  if (last === undefined) return false;
  if (names.has(parts.join('')) || secretWords.includes(last) || joinedEnding.test(last)) return true;
  // `passwordConfirmation` repeats it.
  if (parts.includes('password')) return true;
  if (joinedPair.test(last)) return true;
  if (!ordinaryWords.includes(last)) return false;
  // Libraries mark parameters of their own with underscores: `__clerk_ticket`.
  return (
    name.startsWith('__') || parts.slice(0, -1).some((part, index) => isQualifier(part, parts[index + 1]))
  );
}

function isQualifier(part: string, next: string | undefined): boolean {
  return qualifiers.includes(part) || (part === 'sign' && (next === 'in' || next === 'up'));
}

/** The words of `resetToken`, `reset-token` and `user[reset_token2]`, in small letters and without numbers. */
function wordsOf(name: string): string[] {
  const parts =
    name
      .replace(humps, '_')
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? [];
  const last = parts.pop();
  return last === undefined ? [] : [...parts, last.replace(/(?<=[a-z]{3})\d+$/, '')];
}
