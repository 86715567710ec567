import { pages } from '@successeve/example-site';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { currentUser } from './current-user';

/** Dynamic links: fetched ahead in part, and asked for when they are followed. */
export default async function Home(): Promise<ReactNode> {
  const user = await currentUser();
  return (
    <main>
      <h1>{user ? `Hello, ${user.name}` : 'Reports your team will read'}</h1>
      <ul>
        {pages.reports.map(({ id, title, summary }) => (
          <li key={id}>
            <Link href={`/reports/${id}`}>{title}</Link>: {summary}
          </li>
        ))}
      </ul>
    </main>
  );
}
