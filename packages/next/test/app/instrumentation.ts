import { createTracker, registerTracking } from '@successeve/next';

export function register(): void {
  const tracker = createTracker({ createdAt: true });
  // For a route that shows what became of everything.
  Object.assign(globalThis, { tracker });
  registerTracking(tracker, {
    identify: ({ cookies }) => {
      const user = cookies.get('user');
      return user ? { contactUid: user, accountUid: 'acme' } : null;
    },
    consent: ({ cookies }) => cookies.get('consent') !== 'no',
    ignore: ['/static/ignored', ({ url }) => url.searchParams.has('ignored')],
    browser: { events: ['filter_saved'], documents: ['/guarded'] },
    pageviews: ({ url }) => !url.includes('filtered'),
  });
}
