import { counted, printable } from '@successeve/command-line';
import { Help } from 'commander';
import { bold, red, yellow } from '../styles.js';

/** A fault in the setup of a project. */
export interface Finding {
  /** `error`: data is lost or wrong. `warning`: it may be, in circumstances that are not visible here. */
  readonly severity: 'error' | 'warning';
  /** What is wrong, in one sentence. */
  readonly what: string;
  /** The consequence. */
  readonly why: string;
  readonly fix: string;
}

const paints = { error: red, warning: yellow };

/** Errors first; otherwise in the order in which they were found. */
export function bySeverity(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'));
}

/** Formats a finding as three paragraphs, wrapped at the width of the terminal. */
export function printFinding({ severity, what, why, fix }: Finding, columns: number): string {
  return [
    wrap(`${severity}: ${printable(what)}`, '', columns).replace(severity, bold(paints[severity](severity))),
    wrap(`Why: ${printable(why)}`, '  ', columns),
    wrap(`Fix: ${printable(fix)}`, '  ', columns),
  ].join('\n');
}

const mostListed = 5;

export function list(texts: readonly string[]): string {
  const more = texts.length - mostListed;
  return `${texts.slice(0, mostListed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Such as `1 error, 2 warnings`. */
export function countFindings(findings: readonly Finding[]): string {
  const count = (severity: Finding['severity']): string =>
    counted(findings.filter((finding) => finding.severity === severity).length, severity);
  return `${count('error')}, ${count('warning')}`;
}

/** Breaks a paragraph between words; a word longer than a line, such as a path, stays whole. */
function wrap(text: string, indent: string, columns: number): string {
  const lines = new Help().boxWrap(text, columns - indent.length - 2).split('\n');
  return indent + lines.join(`\n${indent}  `);
}
