import type { VNode } from 'preact';
import type { Fault, Faults } from '../../../src/dev/protocol.js';
import { putFaults } from '../data/server.js';
import { attempt } from '../view/problems.js';
import { connection, faults } from '../view/state.js';
import { nameOfAnswer } from '../words/faults.js';
import { duration } from '../words/times.js';

/** The faults that the page offers; others come from the command line, and are shown next to them. */
const offered: readonly { readonly answer: Fault['answer']; readonly title: string }[] = [
  { answer: 503, title: 'Answer every request with 503: the API is down' },
  { answer: 429, title: 'Answer every request with 429: the budget is spent' },
  { answer: 'hang', title: 'Never respond to any request' },
];

const slowMs = 2000;

export const noFaults: Faults = { answers: [], latencyMs: 0 };

export function setFaults(next: Faults): void {
  void attempt('switch that', () => putFaults(next));
}

/** Switches for failures of the API, to watch how the application reacts. */
export function FaultSwitches(): VNode {
  const { answers, latencyMs } = faults.value;
  const others = answers.filter(({ answer }) => !offered.some((offer) => offer.answer === answer));
  return (
    <div class="faults" role="group" aria-label="Faults">
      <span class="name">Faults</span>
      {offered.map(({ answer, title }) => (
        <Switch
          key={answer}
          title={title}
          fault={answers.find((fault) => fault.answer === answer)}
          answer={answer}
        />
      ))}
      {others.map((fault) => (
        <Switch
          key={fault.answer}
          title="Switched on from the command line"
          fault={fault}
          answer={fault.answer}
        />
      ))}
      <button
        type="button"
        class="switch"
        aria-pressed={latencyMs > 0}
        disabled={connection.value === 'lost'}
        title="Wait before each answer"
        onClick={() => setFaults({ answers, latencyMs: latencyMs > 0 ? 0 : slowMs })}
      >
        Slow <small>{duration(latencyMs > 0 ? latencyMs : slowMs)}</small>
      </button>
    </div>
  );
}

function Switch({
  answer,
  fault,
  title,
}: Pick<Fault, 'answer'> & { fault: Fault | undefined; title: string }): VNode {
  return (
    <button
      type="button"
      class="switch"
      aria-pressed={fault !== undefined}
      disabled={connection.value === 'lost'}
      title={title}
      onClick={() => setFaults(fault ? without(answer) : withEvery(answer))}
    >
      {nameOfAnswer(answer)}
      {fault && fault.percent < 100 && <small>{fault.percent} %</small>}
    </button>
  );
}

function without(answer: Fault['answer']): Faults {
  const { answers, latencyMs } = faults.value;
  return { answers: answers.filter((fault) => fault.answer !== answer), latencyMs };
}

/** Only one fault can concern every request: this one replaces another. */
function withEvery(answer: Fault['answer']): Faults {
  const { answers, latencyMs } = faults.value;
  return {
    answers: [...answers.filter(({ percent }) => percent < 100), { answer, percent: 100 }],
    latencyMs,
  };
}
