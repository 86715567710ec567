import { escapeControls } from '@successeve/command-line/printable';
import type { VNode } from 'preact';
import { setJson } from '../data/json-text.js';
import { CodeBlock } from './code-block.js';

/** A longer text is cut, without colours, which would take seconds. */
const mostCharacters = 100_000;

/** JSON in lines and colours, or a text as received where it is not JSON. */
export function Json({ text, copyLabel }: { text: string; copyLabel: string }): VNode {
  const isLong = text.length > mostCharacters;
  const pieces = isLong ? undefined : setJson(text);
  if (!pieces) {
    return (
      <CodeBlock text={text} copyLabel={copyLabel}>
        {isLong
          ? escapeControls(
              `${text.slice(0, mostCharacters)}\n… ${text.length - mostCharacters} more characters`,
            )
          : escapeControls(text)}
      </CodeBlock>
    );
  }
  return (
    <CodeBlock text={pieces.map((piece) => piece.text).join('')} copyLabel={copyLabel}>
      {pieces.map(({ type, text: piece }) =>
        type === 'space' || type === 'mark' ? piece : <span class={`json-${type}`}>{piece}</span>,
      )}
    </CodeBlock>
  );
}
