import type { GetServerSideProps } from 'next';
import type { ReactNode } from 'react';

export const getServerSideProps: GetServerSideProps = async () => ({
  redirect: { destination: '/legacy/server', permanent: false },
});

export default function Redirecting(): ReactNode {
  return <h1>never seen</h1>;
}
