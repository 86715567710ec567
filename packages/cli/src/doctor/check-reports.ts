import { counted } from '@successeve/command-line';
import type { DropReason } from '@successeve/core';
import type { NoticeReport } from '@successeve/core/dev';
import { countBy, uniqBy } from 'es-toolkit';
import type { Entry } from '../dev/protocol.js';
import { UncountedPages } from '../dev/uncounted-pages.js';
import { wordsOf } from '../dev/words.js';
import { type Finding, list } from './finding.js';

/** How the application was visited. */
export interface Visitors {
  /** Whether `--visit` made the visits. */
  readonly areOurs: boolean;
  /** Whether a contact should be known: a user clicks, or `--cookie` was given. */
  readonly isSignedIn: boolean;
  /** The paths of our visits without a report. */
  readonly unreported: readonly string[];
}

export function checkReports(
  entries: readonly Entry[],
  { areOurs, isSignedIn, unreported }: Visitors,
): readonly Finding[] {
  if (entries.length === 0) return [areOurs ? nothingReported(unreported) : nothingVisited];
  const reported = sort(entries);
  return [
    findUnfollowed(reported, unreported),
    ...uniqBy(reported.notices, ({ code, message }) => `${code} ${message}`).map((notice) =>
      describeNotice(notice, areOurs),
    ),
    ...findDropped(reported, isSignedIn),
    ...findRejected(reported),
    findUncountedPages(entries),
    isSignedIn ? findNoContact(reported) : undefined,
  ].filter((finding) => finding !== undefined);
}

/** Such as `2 pageviews, 1 event; not counted: 3 no_contact`. */
export function summarise(entries: readonly Entry[], areOurs: boolean): string {
  const { accepted, skipped: all } = sort(entries);
  // Our visits end with a prefetch.
  const skipped = all.filter(({ reason }) => !areOurs || reason !== 'prefetch');
  const pageviews = accepted.filter(({ kind }) => kind === 'pageview').length;
  const reasons = countBy(skipped, ({ reason }) => reason);
  const totals = `${counted(pageviews, 'pageview')}, ${counted(accepted.length - pageviews, 'event')}`;
  const rest = Object.entries(reasons)
    .map(([reason, number]) => `${number} ${reason}`)
    .join(', ');
  return rest ? `${totals}; not counted: ${rest}` : totals;
}

type Reported = ReturnType<typeof sort>;

/** The reports of an application while it ran, by kind. */
function sort(entries: readonly Entry[]) {
  const reports = entries.flatMap((entry) => (entry.type === 'report' ? entry.report : []));
  return {
    accepted: entries.filter((entry) => entry.type === 'accepted'),
    rejected: entries.filter((entry) => entry.type === 'rejected'),
    skipped: reports.filter((report) => report.type === 'skipped'),
    dropped: reports.filter((report) => report.type === 'dropped'),
    notices: reports.filter((report): report is NoticeReport => 'code' in report),
  };
}

function nothingReported(unreported: readonly string[]): Finding {
  return {
    severity: 'error',
    what:
      unreported.length > 0
        ? `The application answered ${list(unreported)}, and reported nothing.`
        : 'The application reported nothing.',
    why: 'As far as can be seen, nothing is tracked.',
    fix: `Create a tracker and mount the adapter before all routes, or import the module. ${optionsWin}`,
  };
}

const optionsWin =
  'If you do: apiToken, apiUrl, debug: false or enabled: false in the options of createTracker win over what successeve doctor sets in the environment; leave them out while you run it.';

/** Without visits, a correct application is as silent as one that tracks nothing. */
const nothingVisited: Finding = {
  severity: 'warning',
  what: 'The application reported nothing: either no page was visited, or nothing is tracked.',
  why: 'Which of them it was cannot be seen.',
  fix: `Visit some pages while successeve doctor runs. If you did, create a tracker and mount the adapter before all routes, or import the module. ${optionsWin}`,
};

/** Pages that never reached the adapter. Only those with a status of 2xx are reported. */
function findUnfollowed({ skipped }: Reported, unreported: readonly string[]): Finding | undefined {
  const unfollowed = skipped.filter(({ reason }) => reason === 'not_followed').map(({ path }) => path);
  if (unfollowed.length === 0) return findUnreported(unreported);
  return {
    severity: 'error',
    what: `Pages were answered before they reached the adapter: ${list([...new Set([...unfollowed, ...unreported])])}.`,
    why: 'It is mounted after their routes, or on another application. These pages are never counted, and their handlers have no req.track.',
    fix: 'Mount it before all routes, static files and routers; your authentication may come after it. Pages that should not count belong in its ignore option.',
  };
}

function findUnreported(unreported: readonly string[]): Finding | undefined {
  if (unreported.length === 0) return undefined;
  return {
    severity: 'error',
    what: `The application reported nothing about ${list(unreported)}.`,
    why: 'Either the response is sent before the request reaches the adapter, or by another program: the page is not tracked.',
    fix: 'Mount the adapter before all routes. If it is, visit the application that the command starts, and check that its port is free before.',
  };
}

function describeNotice(notice: NoticeReport, isProvoked: boolean): Finding {
  const { type, code, message, cause } = notice;
  if (code === 'proxy') return describeProxy(message, isProvoked);
  const { title, meaning, advice } = wordsOf(notice);
  return {
    // Events that a handler tracks by the other `track` are lost.
    severity: code === 'track' ? 'error' : type,
    what: `${title}: ${[message, cause].filter(Boolean).join(': ')}.`,
    why: meaning,
    fix: advice,
  };
}

/** @param isProvoked - whether a visit of ours stood for a proxy: there may be none */
function describeProxy(message: string, isProvoked: boolean): Finding {
  return {
    severity: isProvoked ? 'warning' : 'error',
    what: isProvoked
      ? 'The application trusts no proxy.'
      : 'A proxy stands in front of the application, which does not trust it.',
    why: `${isProvoked ? 'If one stands in front of it, every' : 'Every'} visit_url begins with http: and names the inner host: these are not the pages of your site.`,
    fix: `Behind a proxy or a load balancer, ${/not trusted: (.*)$/.exec(message)?.[1] ?? 'trust it'} in the options of the adapter.`,
  };
}

/** Drops on purpose. */
const isWanted: ReadonlySet<string> = new Set<DropReason>(['before_send', 'consent']);

function findDropped({ dropped }: Reported, isSignedIn: boolean): readonly Finding[] {
  const isExpected = (reason: DropReason): boolean => !isSignedIn && reason === 'no_contact';
  const lost = dropped.filter(({ reason }) => !isWanted.has(reason) && !isExpected(reason));
  const distinct = uniqBy(lost, ({ reason, eventUid, message }) => `${reason} ${eventUid} ${message}`);
  return distinct.map((drop) => {
    const { reason, message, eventUid, kind } = drop;
    const { meaning, advice } = wordsOf(drop);
    return {
      severity: reason === 'no_contact' ? 'warning' : 'error',
      what: `${eventUid ?? kind} was dropped as ${reason}: ${message}.`,
      why: meaning,
      fix: advice,
    };
  });
}

function findRejected({ rejected }: Reported): readonly Finding[] {
  const wrong = rejected.filter(({ problem }) => problem !== undefined);
  return uniqBy(wrong, ({ problem = '' }) => problem).map(({ problem = '', advice }) => ({
    severity: 'error',
    what: `The API rejects what the application sends: ${problem}.`,
    why: 'It is never recorded.',
    fix: advice ?? 'Send what the contract of the API wants.',
  }));
}

/** Pages were visited by a person who should be signed in, and `identify` never returned a contact. */
function findNoContact({ accepted, skipped }: Reported): Finding | undefined {
  const pages = skipped.filter(({ reason }) => reason === 'no_contact').length;
  if (pages === 0 || accepted.some(({ kind }) => kind === 'pageview')) return undefined;
  return {
    severity: 'warning',
    what: `identify returned no contact for ${pages === 1 ? 'the one page that was' : `all ${pages} pages that were`} visited.`,
    why: 'Only the pages of known contacts count.',
    fix: 'Sign in while successeve doctor runs. If you did, let identify return { contactUid } of the signed-in person; it is called again when the response has ended, after your authentication.',
  };
}

/** The pages of a single-page application, which only the browser sees. */
function findUncountedPages(entries: readonly Entry[]): Finding | undefined {
  const pages = new UncountedPages();
  for (const entry of entries) pages.add(entry);
  const paths = pages.paths(Number.POSITIVE_INFINITY);
  if (paths.length === 0) return undefined;
  return {
    severity: 'warning',
    what: `This looks like a single-page application: scripts of ${list(paths)} make calls, and nothing counted ${paths.length === 1 ? 'that page' : 'those pages'}.`,
    why: 'A router in the browser shows these pages without a request for a document, so the server cannot count them.',
    fix: 'One line adds them: <script src="/seen.js" defer></script> in the document, with browser: { documents: true } in the options of the adapter and browserReports() after your authentication.',
  };
}
