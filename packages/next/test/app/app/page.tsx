import Link from 'next/link';
import type { ReactNode } from 'react';

/** Where every scenario begins: one link of each kind. */
export default function Hub(): ReactNode {
  return (
    <>
      <h1>hub</h1>
      <Link href="/static/b">static b</Link>
      <Link href="/dynamic/1">dynamic 1</Link>
      <Link href="/dynamic/2" prefetch={true}>
        dynamic 2
      </Link>
      <Link href="/dynamic/3" prefetch={false}>
        dynamic 3
      </Link>
      <Link href="/static/c" prefetch={false}>
        static c
      </Link>
      <Link href="/dynamic/slow" prefetch={false}>
        slow
      </Link>
      <Link href="/search?q=1" prefetch={false}>
        search
      </Link>
      <Link href="/redirecting" prefetch={false}>
        redirecting
      </Link>
      <Link href="/old" prefetch={false}>
        old
      </Link>
      <Link href="/via-proxy" prefetch={false}>
        via proxy
      </Link>
      <Link href="/gone" prefetch={false}>
        gone
      </Link>
      <Link href="/nowhere" prefetch={false}>
        nowhere
      </Link>
      <Link href="/actions" prefetch={false}>
        actions
      </Link>
      <Link href="/legacy/static" prefetch={false}>
        legacy static
      </Link>
      <Link href="/legacy/server" prefetch={false}>
        legacy server
      </Link>
      <Link href="/refining" prefetch={false}>
        refining
      </Link>
      <Link href="/guarded" prefetch={false}>
        guarded
      </Link>
      <Link href="#below">hash</Link>
      <p id="below">below</p>
    </>
  );
}
