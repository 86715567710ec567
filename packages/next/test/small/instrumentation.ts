import { createTracker, registerTracking } from '@successeve/next';

export function register(): void {
  registerTracking(createTracker({ createdAt: true }), {
    identify: ({ cookies }) => {
      const contactUid = cookies.get('user');
      return contactUid ? { contactUid } : null;
    },
  });
}
