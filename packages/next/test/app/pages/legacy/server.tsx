import type { GetServerSideProps } from 'next';
import type { ReactNode } from 'react';

export const getServerSideProps: GetServerSideProps = async ({ req, query }) => {
  await new Promise((resolve) => setTimeout(resolve, query.slow === undefined ? 0 : 1_000));
  if (query.event !== undefined) req.track.event('tracked_in_props');
  return { props: {} };
};

export default function Server(): ReactNode {
  return <h1>legacy server</h1>;
}
