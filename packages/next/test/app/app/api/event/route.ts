import { track, withTracking } from '@successeve/next';
import { notFound, redirect } from 'next/navigation';

export const POST = withTracking(async (request) => {
  const { searchParams } = new URL(request.url);
  await new Promise((resolve) => setTimeout(resolve, Number(searchParams.get('wait') ?? 0)));
  request.track.event('tracked_in_route', { params: { nonce: searchParams.get('nonce') ?? '' } });
  track().event('tracked_by_function', { params: { nonce: searchParams.get('nonce') ?? '' } });
  if (searchParams.has('redirect')) redirect('/static/a');
  if (searchParams.has('missing')) notFound();
  return Response.json({ ok: true });
});
