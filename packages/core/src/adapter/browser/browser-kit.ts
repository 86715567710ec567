import { BrowserReports } from './browser-reports.js';
import { ReportRecorder } from './report-recorder.js';
import { ServedPage } from './served-page.js';

/** What counts the pages that browsers report. A bundle has it only where the application takes reports. */
export interface BrowserKit {
  readonly ServedPage: typeof ServedPage;
  readonly BrowserReports: typeof BrowserReports;
  readonly ReportRecorder: typeof ReportRecorder;
}

/** What counts the pages that browsers report to one `tracking(…)`. */
export interface BrowserSide<Request> {
  readonly kit: BrowserKit;
  readonly reports: BrowserReports<Request>;
}

export const browserKit: BrowserKit = { ServedPage, BrowserReports, ReportRecorder };
