import type { TrackingErrorCode } from '../errors.js';
import type { EventKind } from '../queue/queue.js';
import type { DropReason, SkipReason } from '../reasons.js';
import { startTimer, type Timer } from '../runtime/timers.js';
import type { Api } from '../transport/http.js';

/** A report to the local API of `successeve dev`, whose page shows why something did not count. */
export type DevReport = SkipReport | DropReport | NoticeReport;

/** A request to the application that was not counted as a pageview. */
export interface SkipReport {
  readonly type: 'skipped';
  /** Epoch milliseconds. */
  readonly at: number;
  /** `not_followed`: a page whose request never reached the middleware. */
  readonly reason: SkipReason | 'not_followed';
  readonly method: string;
  /** Without the query, which may be personal. */
  readonly path: string;
  /** The path of the page whose script made the request, if its `Referer` names one. */
  readonly page?: string | undefined;
  readonly status?: number | undefined;
}

/** An event that will never be delivered. */
export interface DropReport {
  readonly type: 'dropped';
  readonly at: number;
  readonly reason: DropReason;
  readonly message: string;
  readonly kind: EventKind;
  readonly eventUid?: string | undefined;
  readonly contactUid?: string | undefined;
  readonly accountUid?: string | undefined;
}

/** A warning or an error of the tracker itself. */
export interface NoticeReport {
  readonly type: 'warning' | 'error';
  readonly at: number;
  readonly code: TrackingErrorCode | WarningCode;
  readonly message: string;
  /** The message of what a function of the application threw, where the code is `callback_failed`. */
  readonly cause?: string | undefined;
}

/**
 * What a tracker warns of, once each: the middleware mounted twice, a proxy that is not trusted, a `track` of the
 * application's own, an API without a batch endpoint, an unknown option.
 */
export type WarningCode = 'duplicate' | 'proxy' | 'plain_http' | 'track' | 'browser' | 'batch' | 'option';

/** A report without its time. */
export type Untimed<Report = DevReport> = Report extends DevReport ? Omit<Report, 'at'> : never;

/** Where `successeve dev` takes reports, below `apiUrl`. The Tracking API itself knows no such path. */
export const devReportsPath = '/dev/reports';

/** Reports are sent in groups, so that a busy page costs one request and not a hundred. */
const groupMs = 50;

/** The most reports that wait; more are dropped, since they are only there to be looked at. */
const maxWaiting = 1000;

/** The pause after a failure, for instance if another program than `successeve dev` listens there. */
const pauseMs = 5_000;

/** Sends reports for as long as they are accepted. Nothing depends on them, so failures are ignored. */
export class DevReports {
  readonly #api: Api;
  #waiting: DevReport[] = [];
  #timer: Timer | undefined;
  #sending: Promise<void> = Promise.resolve();

  constructor(api: Api) {
    this.#api = api;
  }

  add(report: Untimed): void {
    if (this.#waiting.length >= maxWaiting) return;
    this.#waiting.push({ ...report, at: Date.now() });
    this.#timer ??= this.#sendIn(groupMs);
  }

  /** Sends at once what waits: the process ends, and its timers with it. Resolves when that is over, taken or not. */
  async flush(): Promise<void> {
    await this.#sending;
    clearTimeout(this.#timer);
    await this.#send();
  }

  #sendIn(ms: number): Timer {
    return startTimer(() => {
      this.#sending = this.#send();
    }, ms);
  }

  async #send(): Promise<void> {
    const reports = this.#waiting;
    this.#waiting = [];
    const isTaken = await this.#post(reports);
    const isDone = isTaken && this.#waiting.length === 0;
    this.#timer = isDone ? undefined : this.#sendIn(isTaken ? groupMs : pauseMs);
  }

  async #post(reports: readonly DevReport[]): Promise<boolean> {
    if (reports.length === 0) return true;
    const { status } = await this.#api.post(devReportsPath, JSON.stringify({ reports }));
    return status === 'delivered';
  }
}
