import type { ComponentChildren, VNode } from 'preact';
import { CopyButton } from './copy-button.js';

interface CodeBlockProps {
  /** What is copied. */
  text: string;
  copyLabel: string;
  /** What is shown, where that is not the bare text. */
  children?: ComponentChildren;
}

export function CodeBlock({ text, copyLabel, children }: CodeBlockProps): VNode {
  return (
    <div class="code">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no mouse scrolls it with the keyboard. */}
      <pre tabIndex={0}>{children ?? text}</pre>
      <CopyButton text={text} label={copyLabel} />
    </div>
  );
}
