import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { kindOf } from '../data/entry.js';
import { settled } from '../view/state.js';

const announceMs = 5000;

/** Announces to screen readers how many entries arrived, and how many were rejected. */
export function Announcer(): VNode {
  const [text, setText] = useState('');
  useEffect(() => {
    let { newest } = settled.peek().received.ring;
    const timer = setInterval(() => {
      const { ring } = settled.peek().received;
      const from = Math.max(newest + 1, ring.oldest);
      const arrived = ring.newest - from + 1;
      newest = ring.newest;
      if (arrived <= 0) return;
      let rejected = 0;
      for (let seq = from; seq <= newest; seq++) {
        const entry = ring.get(seq);
        if (entry && kindOf(entry) === 'rejected') rejected++;
      }
      setText(`${arrived} new${rejected > 0 ? `, ${rejected} rejected` : ''}`);
    }, announceMs);
    return () => clearInterval(timer);
  }, []);
  return (
    <p class="unseen" role="status">
      {text}
    </p>
  );
}
