declare const SCRIPT_TEXTS: { readonly pages: string; readonly pagesAndEvents: string };

/** The texts of the script, as the build writes them: here, and so once. */
const texts = SCRIPT_TEXTS;

export type { EventReport, FirstPage, PageReport, Report } from './protocol.js';

export interface BrowserScriptOptions {
  /** Where reports go if the script cannot see where it came from. */
  path: string;
  /** Whether `window.successeve.event` is there. */
  events: boolean;
  /** Whether it reports from inside of a frame. */
  frames: boolean;
}

/** The text of the script that a server sends to browsers. The same options give the same text. */
export function browserScript({ path, events, frames }: BrowserScriptOptions): string {
  const text = events ? texts.pagesAndEvents : texts.pages;
  return `(OPTIONS=>{${text}})(${JSON.stringify({ path, frames })})`;
}
