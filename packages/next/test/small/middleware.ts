import { track } from '@successeve/next';
import { NextResponse } from 'next/server';

export const config = { matcher: '/edge' };

/** On the edge, which is the default for a `middleware.ts`. */
export default function middleware(): NextResponse {
  track().event('tracked_on_the_edge');
  return NextResponse.json({ runtime: process.env.NEXT_RUNTIME });
}
