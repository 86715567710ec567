import Link from 'next/link';
import type { ReactNode } from 'react';

export const generateStaticParams = (): { name: string }[] =>
  ['a', 'b', 'c', 'ignored', 'filtered'].map((name) => ({ name }));

export default async function Static({ params }: { params: Promise<{ name: string }> }): Promise<ReactNode> {
  const { name } = await params;
  return (
    <>
      <h1>static {name}</h1>
      <Link href="/">hub</Link>
      <a href="/static/c">hard c</a>
    </>
  );
}
