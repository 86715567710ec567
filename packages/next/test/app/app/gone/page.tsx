import { headers } from 'next/headers';
import { notFound } from 'next/navigation';

export default async function Gone(): Promise<never> {
  await headers();
  notFound();
}
