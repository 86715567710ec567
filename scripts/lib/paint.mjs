import { styleText } from 'node:util';

/** Whether what is printed may have colours; `hasColors` knows NO_COLOR and terminals that are dumb. */
export const hasColours = process.stdout.isTTY && process.stdout.hasColors();

/** @param {Parameters<typeof styleText>[0]} format */
function painter(format) {
  return (/** @type {string} */ text) => (hasColours ? styleText(format, text) : text);
}

export const bold = painter('bold');
export const dim = painter('dim');
export const green = painter('green');
export const red = painter('red');
