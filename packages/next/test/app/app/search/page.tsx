import type { ReactNode } from 'react';

interface Props {
  searchParams: Promise<{ q?: string }>;
}

export default async function Search({ searchParams }: Props): Promise<ReactNode> {
  const { q } = await searchParams;
  return <h1>search {q}</h1>;
}
