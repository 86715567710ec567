/** What a reader's application has, so that a snippet need not say it: their tracker, and who is signed in. */
import type { Tracker } from '@successeve/core';

interface User {
  readonly id: string;
  readonly orgId: string;
  readonly email: string;
  readonly name: string;
  readonly plan: string;
}

declare global {
  const tracker: Tracker;
  const user: User;
  const org: { readonly id: string; readonly name: string; readonly domain: string };
  const server: import('node:http').Server;
  function readSession(cookie: string | undefined): Promise<{ userId: string; orgId: string } | null>;
  /** What serverless-http and its like export. */
  function serverless(application: unknown): (event: object, context: object) => Promise<unknown>;
  const metrics: { observe(...values: unknown[]): void };
}
