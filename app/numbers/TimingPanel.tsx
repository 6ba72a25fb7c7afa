// View (f): how long the plain kernel took, how sure that is, on which clock and device.

import { useCallback } from 'react';
import type { TimingContestant } from '../exhibit/results.ts';
import { AdapterNote } from '../parts/AdapterNote.tsx';
import { ProvenanceMark } from '../parts/ProvenanceMark.tsx';
import { WorkStatus } from '../parts/WorkStatus.tsx';
import { PenCanvas } from '../pens/PenCanvas.tsx';
import type { Pen } from '../pens/pen.ts';
import { plural, timeText } from '../words/quantities.ts';
import { drawIntervals, intervalHeight } from './interval-plot.ts';
import type { TimingPanelProps } from './panel-props.ts';
import { belowResolution, timingVerdict } from './timing-verdict.ts';

export function TimingPanel({ state, contestants, adapter, onMeasure }: TimingPanelProps) {
  const draw = useCallback(
    (pen: Pen) =>
      drawIntervals(
        pen,
        contestants.map(({ label, measurement }) => ({
          label,
          samples: measurement.samplesMs,
          median: measurement.medianMs,
          interval: measurement.ci95Ms,
        })),
      ),
    [contestants],
  );
  return (
    <section className="panel" aria-label="Timing">
      <h3>
        Time <ProvenanceMark kind="measured" />
      </h3>
      <WorkStatus state={state} hasResults={contestants.length > 0} empty="Not measured yet.">
        <div className="panel__plot" style={{ height: intervalHeight(contestants.length) }}>
          <PenCanvas kind="interval plot" live={draw} label={contestants.map(words).join('; ')} />
        </div>
        <ul className="panel__note">
          {contestants.map((contestant) => (
            <li key={contestant.id}>{words(contestant)}</li>
          ))}
        </ul>
        <p>{timingVerdict(contestants, adapter.isSoftware)}</p>
      </WorkStatus>
      <AdapterNote {...adapter} />
      {onMeasure && state.kind !== 'running' && (
        <button type="button" onClick={onMeasure}>
          {contestants.length > 0 ? 'Measure again' : 'Measure'}
        </button>
      )}
    </section>
  );
}

/** 'flash-v2: 1.24 ms, 95 % interval 1.20 ms – 1.31 ms, n = 7 samples of 40 repeats, GPU timestamps in steps of 100 µs'. */
function words(contestant: TimingContestant): string {
  const { label, measurement } = contestant;
  const { medianMs, ci95Ms, samplesMs, repeatsPerSample, clock, quantumNs, resetMs } = measurement;
  const step = quantumNs === null ? '' : ` in steps of ${timeText(quantumNs / 1e6)}`;
  const source = clock === 'timestamp-query' ? `GPU timestamps${step}` : 'queue wall clock';
  const reset = resetMs ? `, ${timeText(resetMs)} of re-initialising subtracted` : '';
  const low = belowResolution(contestant) ? ', below the clock’s resolution' : '';
  return `${label}: ${timeText(medianMs)}, 95 % interval ${timeText(ci95Ms[0])} – ${timeText(ci95Ms[1])}, n = ${plural(samplesMs.length, 'sample')} of ${plural(repeatsPerSample, 'repeat')}, ${source}${reset}${low}`;
}
