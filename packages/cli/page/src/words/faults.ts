import type { Fault, Faults } from '../../../src/dev/protocol.js';
import { duration } from './times.js';

export function nameOfAnswer(answer: Fault['answer']): string {
  if (answer === 'hang') return 'Hang';
  return answer === 'reset' ? 'Reset' : String(answer);
}

/** What goes wrong on purpose, in one sentence; undefined when nothing does. */
export function describeFaults({ answers, latencyMs }: Faults): string | undefined {
  const parts = answers.map(({ answer, percent }) => {
    const who = percent === 100 ? 'every request' : `${percent} % of requests`;
    if (answer === 'hang') return `no answer to ${who}`;
    return answer === 'reset' ? `the connection cut for ${who}` : `${answer} to ${who}`;
  });
  if (latencyMs > 0) parts.push(`${duration(latencyMs)} before each answer`);
  return parts.length > 0 ? parts.join(', ') : undefined;
}
