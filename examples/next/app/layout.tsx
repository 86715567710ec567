import Link from 'next/link';
import type { ReactNode } from 'react';

export default function Layout({ children }: { children: ReactNode }): ReactNode {
  return (
    <html lang="en">
      <body style={{ margin: '2rem auto', maxWidth: '40rem', fontFamily: 'system-ui' }}>
        <nav>
          <Link href="/">Reportly</Link> · <Link href="/onboarding">Onboarding</Link> ·{' '}
          <Link href="/login">Sign in</Link>
        </nav>
        {children}
      </body>
    </html>
  );
}
