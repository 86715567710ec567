import type { WriteStream } from 'node:tty';
import { printable } from '@successeve/command-line';
import type { DevReport } from '@successeve/core/dev';
import { bold, cyan, dim, red, yellow } from '../styles.js';
import { isBrowserReport, reportedByBrowser } from './browser-report.js';
import type { Store } from './keep/store.js';
import type { AcceptedEntry, Entry, Hello, RejectedEntry } from './protocol.js';

const maxLines = 20;

const whatWidth = 20;
const whoWidth = 14;

/** Prints entries, one line each. */
export class Terminal {
  readonly #out: WriteStream;
  readonly #store: Store;
  #seq: number;

  constructor(out: WriteStream, store: Store) {
    this.#out = out;
    this.#store = store;
    this.#seq = store.lastSeq;
  }

  /**
   * @param hasOwnToken - whether only one token is valid
   * @param isOpen - whether other machines can reach the server
   */
  introduce({ apiUrl, budget }: Hello, hasOwnToken: boolean, isOpen: boolean): void {
    const token = hasOwnToken ? dim('the one of --token') : 'anything';
    const limit = budget
      ? `${budget.limit} requests in ${budget.windowMs / 1000} s, then 429`
      : 'no limit (--rate-limit off)';
    this.#print(
      `
${bold('successeve dev')}  a Tracking API on this machine; nothing leaves it

  Page     ${bold(cyan(apiUrl))}
  Budget   ${limit}

Start your application with these variables; the last one also shows what was not counted, and why
  export SUCCESSEVE_API_URL=${apiUrl}
  export SUCCESSEVE_API_TOKEN=${token}
  export SUCCESSEVE_DEBUG=1
`,
    );
    if (isOpen) {
      this.warn(
        'Other machines can reach this, see what arrives, and switch faults on.\nUse it only in networks that you trust.\n',
      );
    }
    this.#print(dim(`Ready in ${Math.round(process.uptime() * 1000)} ms. Ctrl-C ends it.\n`));
  }

  warn(message: string): void {
    this.#print(yellow(message));
  }

  /** Prints new entries, as fast as the terminal reads. */
  show(): void {
    // A slow terminal gets a summary later.
    if (this.#out.writableNeedDrain) return;
    const { lastSeq, clearedUpTo } = this.#store;
    const after = Math.max(this.#seq, clearedUpTo);
    const entries = this.#store.entriesAfter(after, maxLines);
    this.#seq = lastSeq;
    const left = lastSeq - after - entries.length;
    const lines = entries.map((entry) => this.#line(entry));
    if (left > 0) lines.push(dim(`          … and ${left} more, on the page`));
    if (lines.length > 0) this.#print(lines.join('\n'));
  }

  #line(entry: Entry): string {
    const { paint, what, who, detail, advice } = describe(entry);
    const time = new Date(entry.at).toTimeString().slice(0, 8);
    const head = `${printable(what).padEnd(whatWidth)} ${printable(who).padEnd(whoWidth)} `;
    const room = (this.#out.columns || Number.POSITIVE_INFINITY) - time.length - 2 - head.length;
    const line = `${dim(time)}  ${paint(head)}${paint(cut(printable(detail), room))}`;
    return advice ? `${line}\n${' '.repeat(time.length + 2)}${dim(printable(advice))}` : line;
  }

  #print(text: string): void {
    this.#out.write(`${text}\n`);
  }
}

interface Line {
  readonly paint: (text: string) => string;
  readonly what: string;
  readonly who: string;
  readonly detail: string;
  readonly advice?: string | undefined;
}

function describe(entry: Entry): Line {
  switch (entry.type) {
    case 'accepted':
      return describeAccepted(entry);
    case 'rejected':
      return describeRejected(entry);
    case 'report':
      return describeReport(entry.report);
  }
}

function describeAccepted(entry: AcceptedEntry): Line {
  const { kind, eventUid, contactUid, accountUid, visitUrl, isReported } = entry;
  const detail = visitUrl ?? [entry.displayName, entry.attributes].filter(Boolean).join(', ');
  return {
    paint: plain,
    what: eventUid ?? kind,
    who: contactUid ?? accountUid ?? '',
    detail: isReported ? `${detail} (${reportedByBrowser})`.trimStart() : detail,
  };
}

function describeRejected({ status, method, path, problem, advice, isFault }: RejectedEntry): Line {
  const request = `${method} ${path}`;
  if (isFault) return { paint: yellow, what: `fault ${status ?? ''}`, who: '', detail: request };
  return { paint: red, what: `rejected ${status}`, who: '', detail: problem ?? request, advice };
}

function describeReport(report: DevReport): Line {
  switch (report.type) {
    case 'skipped': {
      const { reason, method, path } = report;
      const detail = isBrowserReport(method) ? `${path} (${reportedByBrowser})` : `${method} ${path}`;
      return { paint: dim, what: 'not counted', who: reason, detail };
    }
    case 'dropped':
      return {
        paint: yellow,
        what: `dropped: ${report.reason}`,
        who: report.contactUid ?? report.accountUid ?? '',
        detail: `${report.eventUid ?? report.kind}: ${report.message}`,
      };
    default:
      return { paint: yellow, what: report.type, who: report.code, detail: report.message };
  }
}

function cut(text: string, room: number): string {
  const length = Math.max(room, 20);
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

function plain(text: string): string {
  return text;
}
