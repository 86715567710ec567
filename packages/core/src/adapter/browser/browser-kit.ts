import { AnsweredRequest } from './answered-request.js';
import { BrowserReports } from './browser-reports.js';
import { ReportTaking } from './take-report.js';

/** What counts the pages that browsers report. A bundle has it only where the application takes reports. */
export interface BrowserKit {
  readonly AnsweredRequest: typeof AnsweredRequest;
  readonly BrowserReports: typeof BrowserReports;
  readonly ReportTaking: typeof ReportTaking;
}

/** What counts the pages that browsers report to one `tracking(…)`. */
export interface BrowserSide<Request> {
  readonly kit: BrowserKit;
  readonly reports: BrowserReports<Request>;
}

export const browserKit: BrowserKit = { AnsweredRequest, BrowserReports, ReportTaking };
