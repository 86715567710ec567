import { browserScript } from '@successeve/browser/server';
import { digest } from '../../queue/digests.js';
import type { SkipReason } from '../../reasons.js';
import { Recent } from '../../runtime/recent.js';
import type { Exchange, RequestHead } from '../exchange.js';
import { withoutPrefix } from '../url/path-prefix.js';
import type { SiteUrl } from '../url/read-origin.js';
import { pathOf } from '../url/visit-url.js';
import { type Allowance, Allowances, connectionPace, contactPace } from './allowances.js';
import { corsHeaders, preflightAnswer } from './cors.js';
import { isAnsweredByServer } from './document-mark.js';
import type { BrowserRules } from './options.js';
import { RecentErrors } from './recent-errors.js';
import { type FirstPage, maxReportBytes, type PageReport, type Report, readReport } from './report.js';
import { ScriptFile } from './script-file.js';
import { hostOf, senderOrigin } from './sender-origin.js';
import type { WebAnswer } from './web-answer.js';

/** Documents whose marks are remembered, at least. Our choice: they matter for two seconds. */
const leastMarks = 5_000;

/** Contacts that are remembered, at least. Our choice: more than read at the same time, some 200 bytes each. */
const leastContacts = 5_000;

/** A report that is believed. */
export interface BelievedReport {
  readonly report: Report;
  /** The listed origin that it comes from; `undefined` for the site's own. */
  readonly origin: string | undefined;
  /** The page as the browser shows it, where a proxy strips a prefix that `report` does not have either. */
  readonly shown?: string;
}

/** What one `tracking(…)` knows of the browsers that report to it. All of it is bounded. */
export class BrowserReports<Request> {
  readonly rules: BrowserRules<Request>;
  readonly errors: RecentErrors = new RecentErrors();
  readonly #script: ScriptFile;
  readonly #ofContacts = new Allowances(contactPace, new Recent<string, Allowance>(leastContacts));
  readonly #ofConnections = new Allowances(connectionPace, new WeakMap<object, Allowance>());
  /** The mark that a visitor last came with, by document. */
  readonly #marks = new Recent<number, number>(leastMarks);

  constructor(rules: BrowserRules<Request>) {
    const { path, origins, events, countsFrames: frames } = rules;
    this.rules = rules;
    this.#script = new ScriptFile(browserScript({ path, events: events.size > 0, frames }), origins.size > 0);
  }

  /** Answers the requests that need no application behind them: for the script, and whether a report may be sent. */
  answer(request: Exchange<unknown>): WebAnswer | undefined {
    const { target } = request;
    const { path, scriptPath, origins } = this.rules;
    // Nearly every request ends here.
    if (!target.includes(path)) return undefined;
    const targetPath = pathOf(target)?.split('?', 1)[0];
    if (targetPath === scriptPath && (request.method === 'GET' || request.method === 'HEAD')) {
      return this.#script.answer(request);
    }
    return targetPath === path ? preflightAnswer(request, origins) : undefined;
  }

  /** Whether a request is a report. */
  isReport({ method, target }: Exchange<unknown>): boolean {
    if (method !== 'POST' || !target.includes(this.rules.path)) return false;
    return pathOf(target)?.split('?', 1)[0] === this.rules.path;
  }

  /** Answers a report. Not with what became of it: that is not for the sender to know. */
  answerReport(request: RequestHead): WebAnswer {
    return { status: 204, headers: corsHeaders(request, this.rules.origins) };
  }

  /**
   * Reads a report as far as it is believed.
   *
   * @param site - the origin of the site, by `baseUrl` or as the framework sees it, and the path that a proxy strips
   * @param readBody - returns the body, parsed or not; `undefined` where it is too large
   * @returns why it is not believed, where it is not.
   */
  async read(
    request: RequestHead,
    site: SiteUrl | undefined,
    readBody: () => Promise<unknown>,
  ): Promise<BelievedReport | SkipReason> {
    const { origins, leavesTarget } = this.rules;
    const sender = senderOrigin(request, hostOf(site?.origin), origins);
    if (sender === undefined) return 'cross_site';
    if (Number(request.header('content-length') ?? 0) > maxReportBytes) return 'too_large';
    const body = await readBody();
    if (body === undefined) return 'too_large';
    const report = readReport(body);
    if (typeof report === 'string') return report;
    const origin = sender === 'own' ? undefined : sender;
    if (report.kind === 'event') {
      return this.rules.events.has(report.eventUid) ? { report, origin } : 'unlisted_event';
    }
    // No document of another origin is asked for here.
    const leaves = origin === undefined ? leavesTarget : () => true;
    const prefix = origin === undefined ? (site?.prefix ?? '') : '';
    const seen = asApplicationSees(report, prefix);
    if (seen.first && this.#isAnswered(seen.first, leaves, request)) return 'answered';
    return { report: seen, origin, shown: report.page };
  }

  /** Whether the server was asked for the document of a first page, and has counted or skipped it then. */
  #isAnswered(first: FirstPage, leaves: (target: string) => boolean, request: RequestHead): boolean {
    if (!isAnsweredByServer(first, leaves, Date.now())) return false;
    const { document, mark } = first;
    if (mark === undefined) return true;
    // A browser that comes with the same mark again has the document out of its cache, however fast it was.
    const visitor = digest(`${request.header('cookie')}\n${request.header('user-agent')}\n${document}`);
    if (this.#marks.get(visitor) === mark) return false;
    this.#marks.set(visitor, mark);
    return true;
  }

  /** Why a report of a contact does not count, although it is believed. */
  reject(contactUid: string, { report }: BelievedReport): SkipReason | undefined {
    const now = Date.now();
    if (!this.#ofContacts.take(contactUid, now)) return 'too_many';
    if (report.kind === 'event') return undefined;
    return this.errors.has(contactUid, withoutFragment(report.page), now) ? 'status' : undefined;
  }

  /** Why a report of an unknown visitor does not count. */
  rejectUnknown(connection: object): SkipReason {
    return this.#ofConnections.take(connection, Date.now()) ? 'no_contact' : 'too_many';
  }
}

/** A report without the path under which a proxy shows the application. */
function asApplicationSees(report: PageReport, prefix: string): PageReport {
  if (prefix === '') return report;
  const { page, first } = report;
  return {
    ...report,
    page: withoutPrefix(prefix, page),
    first: first && { ...first, document: withoutPrefix(prefix, first.document) },
  };
}

function withoutFragment(page: string): string {
  return page.split('#', 1)[0] as string;
}
