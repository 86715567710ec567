import { users } from '@successeve/example-site';

export type User = (typeof users)[number];

export const sessionCookie = 'session';

/** This is a demonstration: a session is nothing but the user's id. An application of yours signs or stores it. */
export const userOf = (session: string | undefined): User | undefined =>
  users.find(({ id }) => id === session);
