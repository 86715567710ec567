import { styleText } from 'node:util';

/** Styles a text for a stream, by default the standard output. */
type Paint = (text: string, stream?: NodeJS.WriteStream) => string;

/** `styleText` respects terminals, NO_COLOR and FORCE_COLOR. */
function painter(format: Parameters<typeof styleText>[0]): Paint {
  return (text, stream = process.stdout) => styleText(format, text, { stream });
}

export const bold: Paint = painter('bold');
export const dim: Paint = painter('dim');
export const cyan: Paint = painter('cyan');
export const green: Paint = painter('green');
export const red: Paint = painter('red');
export const yellow: Paint = painter('yellow');
