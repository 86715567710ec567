import { track } from '@successeve/next';
import { type NextRequest, NextResponse } from 'next/server';

export const config = { matcher: ['/via-proxy', '/tracked-in-proxy'] };

export async function proxy(request: NextRequest): Promise<NextResponse> {
  if (request.nextUrl.pathname === '/via-proxy')
    return NextResponse.redirect(new URL('/static/b', request.url));
  await Promise.resolve();
  track().event('tracked_in_proxy');
  return NextResponse.json({});
}
