import { useRouter } from 'next/router';
import { type ReactNode, useEffect } from 'react';

/** Sends everybody on, inside the browser, to a page that takes its time. */
export default function Guarded(): ReactNode {
  const { replace } = useRouter();
  useEffect(() => void replace('/legacy/server?slow'), [replace]);
  return <h1>legacy guarded</h1>;
}
