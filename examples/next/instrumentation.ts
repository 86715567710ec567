import { createTracker, registerTracking } from '@successeve/next';
import { sessionCookie, userOf } from './session';

export function register(): void {
  // The token and the API's address come from SUCCESSEVE_API_TOKEN and SUCCESSEVE_API_URL.
  // `debug` writes a line for every request: whether it was a pageview and, if not, why.
  registerTracking(createTracker({ debug: true }), {
    identify({ cookies }) {
      const user = userOf(cookies.get(sessionCookie));
      return user && { contactUid: user.id, accountUid: user.company.id };
    },
  });
}
