import { escapeControls } from '@successeve/command-line/printable';
import { isJson } from '../../../src/dev/is-json.js';

/** A piece of JSON, as in the text. */
export interface Piece {
  readonly type: 'key' | 'string' | 'number' | 'literal' | 'mark' | 'space';
  readonly text: string;
}

const scanner = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*|true|false|null|[{}[\],:]/g;

/**
 * Lays out JSON in lines, as pieces to colour. It works on the text and not on parsed values: a number keeps all its
 * digits, and a repeated name stays. Undefined for a text that is not JSON.
 */
export function setJson(text: string): readonly Piece[] | undefined {
  if (!isJson(text)) return undefined;
  const pieces: Piece[] = [];
  let depth = 0;
  const lineBreak = (): Piece => ({ type: 'space', text: `\n${'  '.repeat(depth)}` });
  const tokens = text.match(scanner) ?? [];
  for (const [index, token] of tokens.entries()) {
    const isEmpty = '{['.includes(tokens[index - 1] ?? ' ');
    switch (token) {
      case '{':
      case '[':
        depth++;
        pieces.push(mark(token));
        if (!'}]'.includes(tokens[index + 1] ?? ' ')) pieces.push(lineBreak());
        break;
      case '}':
      case ']':
        depth--;
        if (!isEmpty) pieces.push(lineBreak());
        pieces.push(mark(token));
        break;
      case ',':
        pieces.push(mark(token), lineBreak());
        break;
      case ':':
        pieces.push(mark(token), { type: 'space', text: ' ' });
        break;
      default:
        // An escape in JSON is the same string, and cannot garble the text around it.
        pieces.push({ type: typeOf(token, tokens[index + 1] === ':'), text: escapeControls(token) });
    }
  }
  return pieces;
}

/** The text of one element of an array; undefined where there is none. */
export function elementOf(text: string, index: number): string | undefined {
  if (!text.trimStart().startsWith('[') || !isJson(text)) return undefined;
  let depth = 0;
  let element = 0;
  let start = -1;
  for (const { 0: token, index: at } of text.matchAll(scanner)) {
    const isEnd = depth === 1 && (token === ',' || token === ']');
    if (isEnd && element === index) return start < 0 ? undefined : text.slice(start, at).trim();
    if (isEnd) element++;
    else if (depth === 1 && element === index && start < 0) start = at;
    if (token === '{' || token === '[') depth++;
    if (token === '}' || token === ']') depth--;
  }
  return undefined;
}

function typeOf(token: string, isKey: boolean): Piece['type'] {
  if (token.startsWith('"')) return isKey ? 'key' : 'string';
  return /^[tfn]/.test(token) ? 'literal' : 'number';
}

function mark(text: string): Piece {
  return { type: 'mark', text };
}
