import { duration, grouped } from '@successeve/command-line';

export interface Progress {
  /** Of the file's bytes, 0 to 1. */
  readonly share: number;
  readonly lines: number;
  /** An estimate of the lines in the file. */
  readonly linesInAll: number;
  readonly perSecond: number;
  readonly rejected: number;
  /** Undefined while it is unknown. */
  readonly leftMs?: number | undefined;
  /** Why nothing is sent at the moment, and until when. */
  readonly waiting?: string | undefined;
}

const gap = '  ';

/** The width of the bar by the columns of the terminal alone, so that it does not jump with the digits after it. */
const barWidths = [
  { from: 110, width: 30 },
  { from: 50, width: 10 },
];

export function progressText(progress: Progress): string {
  return partsOf(progress)
    .map(({ text }) => text)
    .join(gap);
}

/** Describes the progress in at most `columns` characters, after a bar where there is room. */
export function progressLine(progress: Progress, columns: number): string {
  const { width } = barWidths.find(({ from }) => columns >= from) ?? {};
  const start = width ? `${bar(progress.share, width)}${gap}` : '';
  const room = columns - start.length;
  let parts = partsOf(progress);
  const text = (): string => parts.map((part) => part.text).join(gap);
  while (text().length > room && parts.length > 1) {
    const next = Math.max(...parts.map(({ givesWay }) => givesWay));
    parts = parts.filter(({ givesWay }) => givesWay !== next);
  }
  return `${start}${text().slice(0, room)}`;
}

/** A part of the line; the highest `givesWay` is left out first in a narrow terminal. */
interface Part {
  readonly text: string;
  readonly givesWay: number;
}

function partsOf({ share, lines, linesInAll, perSecond, rejected, leftMs, waiting }: Progress): Part[] {
  return [
    // 100 % is left to the last line.
    { text: `${Math.min(99, Math.floor(share * 100))} %`, givesWay: 0 },
    { text: `${grouped(lines)} of about ${grouped(linesInAll)} lines`, givesWay: 4 },
    { text: `${grouped(Math.round(perSecond * 10) / 10)}/s`, givesWay: 5 },
    { text: `${grouped(rejected)} rejected`, givesWay: 3 },
    ...(leftMs === undefined ? [] : [{ text: `${duration(leftMs)} left`, givesWay: 2 }]),
    ...(waiting ? [{ text: waiting, givesWay: 1 }] : []),
  ];
}

function bar(share: number, width: number): string {
  const done = Math.min(width, Math.round(share * width));
  return `[${'='.repeat(done).padEnd(width, '-')}]`;
}
