import { type ReportingOptions, reporter } from '../reporter.js';
import { page } from '../reporting.js';

/** Set by the server around the text of the script. */
declare const OPTIONS: ReportingOptions;

/** Starts from a script tag: reports go where the script came from, without its `.js`. */
export function startFromTag(api: object): void {
  const { src } = (document.currentScript ?? {}) as Partial<HTMLScriptElement>;
  const owner = reporter();
  // A tag that is evaluated again, as Turbo does it, is not a change of visitor.
  if (owner && !owner.show)
    owner.start({ ...OPTIONS, ...(src && { path: src.replace(/\.js(\?.*)?$/, '') }) });
  Object.assign(window, { successeve: { page, ...api } });
}
