import type { VNode } from 'preact';
import { BudgetGauge } from './budget-gauge.js';
import { FaultSwitches } from './fault-switches.js';
import { PaceChart } from './pace-chart.js';

/** How the application and the API are doing, at one glance. */
export function Strip(): VNode {
  return (
    <section class="strip" aria-label="State">
      <PaceChart />
      <BudgetGauge />
      <FaultSwitches />
    </section>
  );
}
