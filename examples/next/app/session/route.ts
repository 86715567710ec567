import { withTracking } from '@successeve/next';
import { cookies } from 'next/headers';
import { sessionCookie, userOf } from '../../session';

/** Signs in whoever the form names, or out. */
export const POST = withTracking(async (request) => {
  const user = userOf(String((await request.formData()).get('user')));
  const jar = await cookies();
  if (user) {
    jar.set(sessionCookie, user.id, { httpOnly: true, sameSite: 'lax' });
    request.track.identify({ contactUid: user.id, accountUid: user.company.id });
    request.track.contact({ name: user.name });
    request.track.account({ name: user.company.name });
    request.track.event('user_signed_in', { displayName: 'Signed in' });
  } else jar.delete(sessionCookie);
  return new Response(null, { status: 303, headers: { location: user ? '/' : '/login' } });
});
