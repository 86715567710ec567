import { page } from '../page.js';
import { send } from '../report-queue.js';
import { reporter, startReporter } from '../reporter.js';

/** What the server puts around the text of the script. */
declare const OPTIONS: { readonly path: string; readonly frames: boolean };

/** Starts from a script tag: reports go where the script came from, without its `.js`. */
export function startFromTag(api: object): void {
  const { path, frames } = OPTIONS;
  const { src } = (document.currentScript ?? {}) as Partial<HTMLScriptElement>;
  const target = src?.replace(/\.js\b.*/, '') ?? path;
  // Turbo evaluates a tag again with each page.
  if (!reporter()) startReporter((describe) => send(target, describe), frames);
  (window as { successeve?: object }).successeve = { page, ...api };
}
