import type { RateLimitOptions } from '@successeve/testing/handler';
import { InvalidArgumentError } from 'commander';
import { maxLatencyMs } from './api/faults.js';
import type { Fault } from './protocol.js';

export function readPort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new InvalidArgumentError('Expected a number up to 65535; 0 is any free port.');
}

export function readToken(text: string): string {
  if (/^[\x21-\x7e]+$/.test(text) && !text.includes(':')) return text;
  throw new InvalidArgumentError('Expected visible ASCII without a colon.');
}

/** Reads `900/300`, requests and seconds, or `off`. */
export function readRateLimit(text: string): RateLimitOptions | 'off' {
  if (text === 'off') return text;
  const [, limit = 0, seconds = 0] = (/^(\d{1,9})\/(\d{1,5})$/.exec(text) ?? []).map(Number);
  if (limit > 0 && seconds > 0) return { limit, windowMs: seconds * 1000 };
  throw new InvalidArgumentError('Expected requests/seconds, such as 900/300, or off.');
}

/** Reads `503:10%`, `hang:5%`, `reset`; without a share it is every request. */
export function readFault(text: string, others: readonly Fault[] = []): Fault[] {
  const [, answer = '', share = '100'] = /^(hang|reset|[45]\d\d)(?::(\d{1,3}(?:\.\d+)?)%)?$/.exec(text) ?? [];
  const percent = Number(share);
  if (answer !== '' && percent > 0 && percent <= 100) {
    return [
      ...others,
      { answer: answer === 'hang' || answer === 'reset' ? answer : Number(answer), percent },
    ];
  }
  throw new InvalidArgumentError(
    'Expected a status from 400 to 599, hang or reset, and its share of the requests, such as 503:10%.',
  );
}

/** Reads `200ms` or `1.5s`. */
export function readLatency(text: string): number {
  const [, count = '', unit] = /^(\d+(?:\.\d+)?)(ms|s)$/.exec(text) ?? [];
  const ms = Math.round(Number(count) * (unit === 's' ? 1000 : 1));
  if (count !== '' && ms <= maxLatencyMs) return ms;
  throw new InvalidArgumentError(`Expected a time such as 200ms or 1.5s, up to ${maxLatencyMs / 1000}s.`);
}
