import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Icon } from './icons.js';

/** How long it shows that it has copied. */
const doneMs = 1500;

/** Copies a text. The label names it, for instance `Copy the curl command`. */
export function CopyButton({ text, label }: { text: string; label: string }): VNode {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
  useEffect(() => {
    if (state === 'idle') return;
    const timer = setTimeout(() => setState('idle'), doneMs);
    return () => clearTimeout(timer);
  }, [state]);

  const copy = async () => {
    try {
      // A page that is not on loopback has no clipboard.
      await navigator.clipboard.writeText(text);
      setState('copied');
    } catch {
      setState('failed');
    }
  };
  const said = { idle: label, copied: 'Copied', failed: 'The browser did not allow it' }[state];
  return (
    <button type="button" class={`copy ${state}`} onClick={copy} title={said} aria-label={said}>
      <Icon name={state === 'copied' ? 'check' : state === 'failed' ? 'close' : 'copy'} />
    </button>
  );
}
