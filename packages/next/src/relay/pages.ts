import { followedRequest } from '@successeve/core/adapter';
import type { NextApiRequest, NextApiResponse } from 'next';
import { shared } from '../shared.js';
import { ArrivedExchange } from '../tracked-request.js';
import { takeReport } from './report.js';

/**
 * The route that browsers report to, in an application without an App Router:
 * `export { default } from '@successeve/next/relay/pages'`. Responds with 204 to any report.
 */
export default async function relay(req: NextApiRequest, res: NextApiResponse): Promise<void> {
  if (req.method === 'POST') {
    const body: unknown = req.body;
    // The first requests of a process can arrive before Next calls `register()`.
    const followed =
      followedRequest(req) ??
      shared.registration?.tracking.follow(new ArrivedExchange(req, res, req.url ?? '/'));
    await takeReport(followed, () => body);
  }
  res.status(204).end();
}
