import type { Fault, Faults } from '../../../src/dev/protocol.js';
import { duration } from './times.js';

export function nameOfAnswer(answer: Fault['answer']): string {
  if (answer === 'hang') return 'Hang';
  return answer === 'reset' ? 'Reset' : String(answer);
}

/** Describes the faults in one sentence; undefined where there are none. */
export function describeFaults({ answers, latencyMs }: Faults): string | undefined {
  const parts = answers.map(({ answer, percent }) => {
    const requests = percent === 100 ? 'every request' : `${percent} % of requests`;
    if (answer === 'hang') return `no answer to ${requests}`;
    return answer === 'reset' ? `the connection cut for ${requests}` : `${answer} to ${requests}`;
  });
  if (latencyMs > 0) parts.push(`${duration(latencyMs)} before each answer`);
  return parts.length > 0 ? parts.join(', ') : undefined;
}
