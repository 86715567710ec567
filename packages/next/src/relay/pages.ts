import type { NextApiRequest, NextApiResponse } from 'next';
import { ArrivedExchange } from '../tracked-request.js';
import { takeReport } from './report.js';

/**
 * The route that browsers report to, in an application without an App Router:
 * `export { default } from '@successeve/next/relay/pages'`. Responds with 204 to any report.
 */
export default async function relay(req: NextApiRequest, res: NextApiResponse): Promise<void> {
  if (req.method === 'POST') {
    const body: unknown = req.body;
    const exchange = new ArrivedExchange(req, res, req.url ?? '/');
    await takeReport(exchange, (maxBytes) => {
      if (typeof body !== 'string') return '';
      return Buffer.byteLength(body) > maxBytes ? undefined : body;
    });
  }
  res.status(204).end();
}
