import { headers } from 'next/headers';
import { redirect } from 'next/navigation';

export default async function Redirecting(): Promise<never> {
  await headers();
  redirect('/static/b');
}
