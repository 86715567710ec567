import { browserScript } from '@successeve/browser/server';
import type { SkipReason } from '../../reasons.js';
import type { Exchange } from '../exchange.js';
import { pathOf } from '../url/visit-url.js';
import { BrowserReports } from './browser-reports.js';
import { corsHeaders, preflightAnswer } from './cors.js';
import type { BrowserRules } from './options.js';
import { ReportRecorder, type ReportRequest } from './report-recorder.js';
import { scriptFile } from './script-file.js';
import { ServedPage } from './served-page.js';
import type { WebAnswer } from './web-answer.js';

/** Counts the pages that browsers report to one `tracking(…)`. A bundle has it only where the application takes reports. */
export class BrowserSide<Request> {
  readonly #rules: BrowserRules<Request>;
  readonly #answerWithScript: ReturnType<typeof scriptFile>;
  readonly #reports: BrowserReports<Request>;

  constructor(rules: BrowserRules<Request>) {
    const { path, origins, events, countsFrames: frames } = rules;
    this.#rules = rules;
    const script = browserScript({ path, events: events.size > 0, frames });
    this.#answerWithScript = scriptFile(script, origins.size > 0);
    this.#reports = new BrowserReports(rules);
  }

  /** Answers the requests that need no application behind them: for the script, and whether a report may be sent. */
  answer(request: Exchange<Request>): WebAnswer | undefined {
    const { path, scriptPath, origins } = this.#rules;
    const { method } = request;
    const asked = this.#pathOf(request);
    if (asked === path) return preflightAnswer(request, origins);
    if (asked !== scriptPath || (method !== 'GET' && method !== 'HEAD')) return undefined;
    return this.#answerWithScript(request);
  }

  /** Whether a request is a report. */
  isReport(request: Exchange<Request>): boolean {
    return request.method === 'POST' && this.#pathOf(request) === this.#rules.path;
  }

  /** Answers a report. Not with what became of it: that is not for the sender to know. */
  answerReport(request: Exchange<Request>): WebAnswer {
    return { status: 204, headers: corsHeaders(request, this.#rules.origins) };
  }

  /** Takes a report. Never rejects. */
  async take(request: ReportRequest<Request>, parsed: unknown, isAllowed: boolean): Promise<WebAnswer> {
    await new ReportRecorder(request, this.#reports).record(parsed, isAllowed);
    return this.answerReport(request.exchange);
  }

  /** @param requestReason - why the request itself cannot be a visit */
  serve(exchange: Exchange<Request>, requestReason: SkipReason | undefined): ServedPage<Request> {
    return new ServedPage(exchange, this.#reports, requestReason);
  }

  /** The path that a request asks for; `undefined` at once for nearly every request, which is not for this. */
  #pathOf({ target }: Exchange<Request>): string | undefined {
    return target.includes(this.#rules.path) ? pathOf(target)?.split('?', 1)[0] : undefined;
  }
}
