import { escapeControls } from '@successeve/command-line/printable';
import type { ComponentChildren, VNode } from 'preact';
import { CopyButton } from './copy-button.js';

interface CodeBlockProps {
  /** The text to copy. */
  text: string;
  copyLabel: string;
  /** @defaultValue the text */
  children?: ComponentChildren;
}

export function CodeBlock({ text, copyLabel, children }: CodeBlockProps): VNode {
  return (
    <div class="code">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls it. */}
      <pre tabIndex={0}>{children ?? escapeControls(text)}</pre>
      <CopyButton text={text} label={copyLabel} />
    </div>
  );
}
