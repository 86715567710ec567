import type { AppProps } from 'next/app';
import { type ReactNode, useEffect, useState } from 'react';

export default function App({ Component, pageProps }: AppProps): ReactNode {
  const [isReady, setReady] = useState(false);
  useEffect(() => setReady(true), []);
  return (
    <>
      {isReady && <p>hydrated</p>}
      <Component {...pageProps} />
    </>
  );
}
