import type { VNode } from 'preact';
import { totalOf } from '../data/pace.js';
import { now } from '../view/frames.js';
import { settled } from '../view/state.js';

const height = 28;

/** Bars are this wide, with a gap of one. */
const barWidth = 3;

/** How much arrived in each second of the last minute. */
export function PaceChart(): VNode {
  const { pace } = settled.value.received;
  // The newest entries may be of a second that `now` has not reached.
  const at = Math.max(now.value, Date.now());
  const seconds = pace.upTo(at);
  const last = pace.inSecondBefore(at);
  const most = Math.max(...seconds.map(totalOf));
  // A single event is not a peak.
  const scale = height / Math.max(4, most);
  const width = seconds.length * barWidth;
  const label = `${last.toLocaleString('en')} in the last second, at most ${most} in a second of the last minute`;
  return (
    <div class="pace" role="img" aria-label={label} title={label}>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        width={width}
        height={height}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        {seconds.map((second, index) => {
          const full = totalOf(second) * scale;
          const bad = second.rejected * scale;
          const fault = second.fault * scale;
          const x = index * barWidth;
          return (
            <g key={index}>
              <rect class="accepted" x={x} y={height - full} width={barWidth - 1} height={full} />
              <rect class="rejected" x={x} y={height - full} width={barWidth - 1} height={bad} />
              <rect class="fault" x={x} y={height - full + bad} width={barWidth - 1} height={fault} />
            </g>
          );
        })}
      </svg>
      <b>{last.toLocaleString('en')}</b> <span class="unit">/s</span>
    </div>
  );
}
