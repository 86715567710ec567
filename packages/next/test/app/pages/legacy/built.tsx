import type { ReactNode } from 'react';

export const getStaticProps = (): { props: { name: string } } => ({ props: { name: 'built' } });

export default function Built({ name }: { name: string }): ReactNode {
  return <h1>legacy {name}</h1>;
}
