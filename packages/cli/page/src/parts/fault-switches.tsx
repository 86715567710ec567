import type { ComponentChildren, VNode } from 'preact';
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

export function setFaults(next: Faults): void {
  void attempt('switch that', () => putFaults(next));
}

/** Switches for failures of the API, to watch how the application reacts. */
export function FaultSwitches(): VNode {
  const { answers, latencyMs } = faults.value;
  const others = answers
    .filter(({ answer }) => !offered.some((offer) => offer.answer === answer))
    .map(({ answer }) => ({ answer, title: 'Switched on from the command line' }));
  const isSlow = latencyMs > 0;
  return (
    <div class="faults" role="group" aria-label="Faults">
      <span class="name">Faults</span>
      {[...offered, ...others].map(({ answer, title }) => {
        const fault = answers.find((one) => one.answer === answer);
        return (
          <Switch key={answer} title={title} isOn={fault !== undefined} next={toggled(answer)}>
            {nameOfAnswer(answer)}
            {fault && fault.percent < 100 && <small>{fault.percent} %</small>}
          </Switch>
        );
      })}
      <Switch
        title="Wait before each answer"
        isOn={isSlow}
        next={{ answers, latencyMs: isSlow ? 0 : slowMs }}
      >
        Slow <small>{duration(isSlow ? latencyMs : slowMs)}</small>
      </Switch>
    </div>
  );
}

interface SwitchProps {
  isOn: boolean;
  /** The faults after a click. */
  next: Faults;
  title: string;
  children: ComponentChildren;
}

function Switch({ isOn, next, title, children }: SwitchProps): VNode {
  return (
    <button
      type="button"
      class="switch"
      aria-pressed={isOn}
      disabled={connection.value === 'lost'}
      title={title}
      onClick={() => setFaults(next)}
    >
      {children}
    </button>
  );
}

/** Only one fault can concern every request: this one replaces another. */
function toggled(answer: Fault['answer']): Faults {
  const { answers, latencyMs } = faults.value;
  const isOn = answers.some((fault) => fault.answer === answer);
  return isOn
    ? { answers: answers.filter((fault) => fault.answer !== answer), latencyMs }
    : { answers: [...answers.filter(({ percent }) => percent < 100), { answer, percent: 100 }], latencyMs };
}
