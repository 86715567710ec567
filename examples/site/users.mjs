/** @import { IncomingMessage, ServerResponse } from 'node:http' */

/**
 * @typedef {object} User
 * @property {string} id
 * @property {string} name
 * @property {{ id: string, name: string }} company
 */

/** @type {readonly User[]} */
export const users = [
  { id: 'ada', name: 'Ada Lovelace', company: { id: 'acme', name: 'Acme Analytics' } },
  { id: 'grace', name: 'Grace Hopper', company: { id: 'navy', name: 'Navy Computing' } },
];

/** Who is signed in, by session id. Kept in memory: a restart signs everybody out. @type {Map<string, User>} */
const sessions = new Map();

/** @param {IncomingMessage} req */
export function currentUser(req) {
  return sessions.get(sessionOf(req));
}

/**
 * @param {ServerResponse} res
 * @param {User} user
 */
export function signIn(res, user) {
  const session = crypto.randomUUID();
  sessions.set(session, user);
  res.appendHeader('set-cookie', `session=${session}; Path=/; HttpOnly; SameSite=Lax`);
}

/**
 * @param {IncomingMessage} req
 * @param {ServerResponse} res
 */
export function signOut(req, res) {
  sessions.delete(sessionOf(req));
  res.appendHeader('set-cookie', 'session=; Path=/; Max-Age=0');
}

/** @param {IncomingMessage} req */
function sessionOf({ headers: { cookie = '' } }) {
  return /(?:^|; )session=([\w-]+)/.exec(cookie)?.[1] ?? '';
}
