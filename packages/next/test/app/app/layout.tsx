import Link from 'next/link';
import { type ReactNode, Suspense } from 'react';
import { Controls } from './components/controls';

export default function Layout({ children }: { children: ReactNode }): ReactNode {
  return (
    <html lang="en">
      <body>
        <nav>
          <Link href="/static/a">static a</Link>
        </nav>
        <Controls />
        <main>{process.env.TEST_CACHE_COMPONENTS === '1' ? <Suspense>{children}</Suspense> : children}</main>
      </body>
    </html>
  );
}
