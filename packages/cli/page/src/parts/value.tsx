import { escapeControls } from '@successeve/command-line/printable';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';

/** A text of the application, which cannot change the direction of the text around it. */
export function Value({ text }: { text: string }): VNode {
  return <bdi>{escapeControls(text)}</bdi>;
}

/** A longer value fills the details. */
const mostCharacters = 240;

export function Short({ text }: { text: string }): VNode {
  return <Value text={text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text} />;
}

/** A value whose end is shown on demand. */
export function LongValue({ text }: { text: string }): VNode {
  const [isWhole, setWhole] = useState(false);
  if (isWhole || text.length <= mostCharacters) return <Value text={text} />;
  return (
    <>
      <Short text={text} />{' '}
      <button type="button" class="link" onClick={() => setWhole(true)}>
        Show all {text.length.toLocaleString('en')} characters
      </button>
    </>
  );
}
