import type { Replies, ScriptedReply } from '@successeve/testing/handler';
import type { Fault, Faults } from '../protocol.js';

export const noFaults: Faults = { answers: [], latencyMs: 0 };

/** The longest delay: ten minutes, longer than any client waits. */
export const maxLatencyMs = 600_000;

/** `Retry-After` of a 429 on demand: long enough to be seen, short enough to wait for. */
const retryAfterSeconds = 5;

export function repliesOf({ answers, latencyMs }: Faults): Replies {
  const late: ScriptedReply | undefined = latencyMs > 0 ? { delayMs: latencyMs } : undefined;
  return () => {
    const hit = answers.find(({ percent }) => Math.random() * 100 < percent);
    return hit ? { ...late, ...replyOf(hit) } : late;
  };
}

function replyOf({ answer }: Fault): ScriptedReply {
  if (answer === 'hang') return { hang: true };
  if (answer === 'reset') return { reset: true };
  return answer === 429 ? { status: 429, headers: budgetSpent() } : { status: answer };
}

function budgetSpent(): Record<string, string> {
  const resetsAt = Math.ceil(Date.now() / 1000) + retryAfterSeconds;
  return {
    'X-RateLimit-Remaining': '0',
    'X-RateLimit-Reset': String(resetsAt),
    'Retry-After': String(retryAfterSeconds),
  };
}

/** @throws TypeError with what was expected. */
export function readFaults(value: unknown): Faults {
  const { answers, latencyMs } = (value ?? {}) as Partial<Record<keyof Faults, unknown>>;
  if (!Array.isArray(answers) || answers.length > 20) throw new TypeError('answers: expected at most 20');
  if (!isWholeNumber(latencyMs, 0, maxLatencyMs)) {
    throw new TypeError(`latencyMs: expected a whole number from 0 to ${maxLatencyMs}`);
  }
  return { answers: answers.map(readFault), latencyMs };
}

function readFault(value: unknown): Fault {
  const { answer, percent } = (value ?? {}) as Partial<Record<keyof Fault, unknown>>;
  if (answer !== 'hang' && answer !== 'reset' && !isWholeNumber(answer, 400, 599)) {
    throw new TypeError('answer: expected a status from 400 to 599, "hang" or "reset"');
  }
  if (typeof percent !== 'number' || !(percent > 0 && percent <= 100)) {
    throw new TypeError('percent: expected a number above 0, up to 100');
  }
  return { answer, percent };
}

function isWholeNumber(value: unknown, from: number, to: number): value is number {
  return Number.isInteger(value) && Number(value) >= from && Number(value) <= to;
}
