import { expect, it } from 'vitest';
import { secretParameters } from './secret-params.js';

const isSecret = secretParameters(['invitation', 'inviteToken2', 'Seat']);

it.each([
  // The names of design and contract.
  ...['token', 'access_token', 'id_token', 'code', 'state', 'password', 'secret', 'api_key', 'api_token'],
  ...['sig', 'signature', 'jwt', 'session', 'otp', 'X-Amz-Signature', 'X-Amz-Credential', 'X-Goog-Signature'],
  ...['X-Amz-Security-Token', 'AWSAccessKeyId', 'Key-Pair-Id', 'Policy', 'GoogleAccessId'],
  // In any writing.
  ...['TOKEN', 'resetToken', 'reset-token', 'IDToken', 'token[]', 'token[0]', 'user[password]'],
  ...['user[newPassword]', 'accesstoken', 'clientsecret', 'token2', 'passwordConfirmation', '_csrf'],
  // Links that sign in: Supabase, Firebase, Clerk, Auth0, CAS, OAuth 1 and 2, SAML, Shopify, WordPress, Discourse.
  ...[
    'token_hash',
    'tokenHash',
    'oobCode',
    'oobcode',
    '__clerk_ticket',
    '__clerk_handshake',
    '__clerk_db_jwt',
  ],
  ...['session_token', 'ticket', 'oauth_token', 'oauth_verifier', 'code_verifier', 'codeVerifier'],
  ...['client_assertion', 'SAMLResponse', 'SAMLart', 'hmac', 'rp_key', 'id_token_hint', 'user_code', 'sso'],
  ...['auth_code', 'authorizationCode', 'verification_code', 'confirmationCode', 'invite_code', 'login_hash'],
  ...['signInHash', 'sign_in_code', 'magic_link', 'access_key', 'secretKey', 'device_code', 'session_state'],
  ...['session_id', 'sessionId', 'sessionid', 'sid', 'connect.sid', 'PHPSESSID', 'passcode', 'sms_code'],
  ...['_vercel_share', '_vercel_jwt', 'x-vercel-protection-bypass', 'credential', 'Authorization'],
  // The customer's own.
  ...['invitation', 'INVITATION', 'invite_token2', 'seat', 'seat[]'],
])('cuts the value of %s', (name) => {
  expect(isSecret(name)).toBe(true);
});

it.each([
  ...['tokens', 'tokenize', 'token_type', 'stateful', 'encode', 'page', 'q', 'side', 'tab', '', '_', '[]'],
  ...['zipCode', 'country_code', 'currencyCode', 'postal-code', 'language_code', 'promo_code', 'error_code'],
  ...['product_code', 'codes', 'us_state', 'order_state', 'address[state]', 'stateId', 'hash', 'commit_hash'],
  ...['fileHash', 'key', 'sort_key', 'keyword', 'foreignKey', 'support_ticket', 'ticket_id', 'preset_code'],
  ...['session_type', 'conference_session', 'design', 'assign', 'secretary', 'link', 'author', 'authors'],
  ...['passenger', 'compass', 'invited', 'signed_up', 'status', 'email', 'sms'],
])('keeps the value of %j', (name) => {
  expect(isSecret(name)).toBe(false);
});
