import type { NextApiRequest, NextApiResponse } from 'next';

export default function handler(req: NextApiRequest, res: NextApiResponse): void {
  req.track.event('tracked_in_api');
  res.json({ ok: true });
}
