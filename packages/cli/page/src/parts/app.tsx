import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { followKeys } from '../view/keyboard.js';
import { isSmall } from '../view/screen.js';
import { hello, latest, openedEntry, rows, waiting } from '../view/state.js';
import { Announcer } from './announcer.js';
import { Bars } from './bars.js';
import { BudgetGauge } from './budget-gauge.js';
import { Details } from './details.js';
import { FaultSwitches } from './fault-switches.js';
import { Header } from './header.js';
import { Help } from './help.js';
import { List } from './list.js';
import { PaceChart } from './pace-chart.js';
import { Sidebar } from './sidebar.js';
import { Empty } from './welcome.js';

export function App(): VNode {
  const [isHelping, setHelping] = useState(false);
  const [isFiltering, setFiltering] = useState(false);
  useEffect(() => followKeys(() => setHelping(true)), []);
  const entry = openedEntry.value;
  const isCovered = isSmall.value && entry !== undefined;
  return (
    <>
      <div class={`page${isFiltering ? ' is-filtering' : ''}`} inert={isCovered}>
        <Header onHelp={() => setHelping(true)} onFilters={() => setFiltering(!isFiltering)} />
        <Sidebar onChosen={() => setFiltering(false)} />
        <main>
          <section class="strip" aria-label="State">
            <PaceChart />
            <BudgetGauge />
            <FaultSwitches />
          </section>
          <Bars />
          <div class="panes">
            <Listed />
            {entry && !isSmall.value && <Details entry={entry} />}
          </div>
        </main>
      </div>
      {entry && isSmall.value && <Details entry={entry} />}
      {isHelping && <Help onClose={() => setHelping(false)} />}
      <Announcer />
    </>
  );
}

function Listed(): VNode | null {
  const { matching } = latest.value.received;
  if (rows.value.count > 0 || waiting.value > 0 || !matching.isComplete) return <List />;
  return hello.value ? <Empty /> : null;
}
