/** Characters that a terminal or a browser acts on instead of showing them: controls, and those that change the direction. */
export const controls: RegExp = /[^\P{Cc}\n\t]|[\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** Shows control characters as escapes, such as `\u202e`; line breaks and tabs stay. */
export function escapeControls(text: string): string {
  return text.replace(controls, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Makes foreign text one line that is harmless to a terminal. */
export function printable(text: string): string {
  return escapeControls(text.replace(/\s*[\n\r\t\v\f\u2028\u2029]\s*/g, ' '));
}
