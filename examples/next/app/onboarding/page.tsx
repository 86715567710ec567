import Link from 'next/link';
import type { ReactNode } from 'react';

/** A static page: the browser fetches it ahead, and asks the server for nothing when somebody follows the link. */
export default function Onboarding(): ReactNode {
  return (
    <main>
      <h1>Three steps to your first report</h1>
      <ol>
        <li>Connect your data.</li>
        <li>
          Open <Link href="/reports/42">a report</Link>.
        </li>
        <li>Export it, and send it to a colleague.</li>
      </ol>
    </main>
  );
}
