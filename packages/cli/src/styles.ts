import { styleText } from 'node:util';

/** `styleText` knows terminals, NO_COLOR and FORCE_COLOR. */
function painter(format: Parameters<typeof styleText>[0]): (text: string) => string {
  return (text) => styleText(format, text);
}

export const bold: (text: string) => string = painter('bold');
export const dim: (text: string) => string = painter('dim');
export const cyan: (text: string) => string = painter('cyan');
export const green: (text: string) => string = painter('green');
export const red: (text: string) => string = painter('red');
export const yellow: (text: string) => string = painter('yellow');

/** Makes what came from outside harmless to a terminal. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, '\u{fffd}');
}
