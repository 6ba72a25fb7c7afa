// How the kernel on the stage is tuned to this device: which form of it runs and why, what its constants were chosen from, and where the
// choice is kept.

import { useCallback, useMemo } from 'react';
import type { TuningResult, TuningState } from '../exhibit/results.ts';
import { AdapterNote } from '../parts/AdapterNote.tsx';
import { ProvenanceMark } from '../parts/ProvenanceMark.tsx';
import { WorkStatus } from '../parts/WorkStatus.tsx';
import type { WorkState } from '../parts/work-state.ts';
import { PenCanvas } from '../pens/PenCanvas.tsx';
import type { Pen } from '../pens/pen.ts';
import { timeText } from '../words/quantities.ts';
import { drawTuning, tuningPlotHeight } from './tuning-plot.ts';
import { effortText, formText, keptText, type TuningRow, tuningHeading, tuningRows, usedText } from './tuning-words.ts';

export interface TuningPanelProps {
  tuned: TuningState;
  state: WorkState;
  onTune(): void;
  onForget(): void;
  /** Writes the constants in use, and the form, into the settings and so into the link. */
  onPin(): void;
  /** Takes them out of the settings. */
  onUnpin(): void;
}

export function TuningPanel({ tuned, state, onTune, onForget, onPin, onUnpin }: TuningPanelProps) {
  const { result, from, edited, device } = tuned;
  const named = from === 'settings';
  const memory = keptText(tuned);
  return (
    <section className="panel" aria-label="Tuning">
      <h3>Tuned to this device {result && <ProvenanceMark kind="measured" />}</h3>
      <p>{formText(tuned)}</p>
      <p>
        <strong>{usedText(tuned)}</strong>
      </p>
      <WorkStatus
        state={state}
        hasResults={result !== null}
        empty={`${tuned.candidates} combinations of its constants can be tried.`}
      >
        {result && <Candidates result={result} />}
      </WorkStatus>
      {memory && <p className="panel__note">{memory}</p>}
      <p className="panel__note">
        {named
          ? 'The link carries these constants: they are used on every device that can run them.'
          : 'The link carries no constants: it means “as tuned on the device that opens it”.'}
      </p>
      {result && <AdapterNote {...device} />}
      <p className="panel__buttons">
        {!named && edited.length === 0 && state.kind !== 'running' && (
          <button type="button" onClick={onTune}>
            {result ? 'Tune again' : 'Tune'}
          </button>
        )}
        {result && state.kind !== 'running' && (
          <button type="button" onClick={onForget}>
            Forget
          </button>
        )}
        <button type="button" onClick={named ? onUnpin : onPin}>
          {named ? 'Let the device choose' : 'Put them in the link'}
        </button>
      </p>
    </section>
  );
}

function Candidates({ result }: { result: TuningResult }) {
  const rows = useMemo(() => tuningRows(result), [result]);
  const heading = tuningHeading(result);
  const draw = useCallback((pen: Pen) => drawTuning(pen, heading, rows), [heading, rows]);
  if (rows.length === 0) return <p className="panel__note">{effortText(result)}</p>;
  return (
    <>
      <div className="panel__plot" style={{ height: tuningPlotHeight(rows.length) }}>
        <PenCanvas kind="interval plot" live={draw} label={`${heading}: ${rows.map(words).join('; ')}`} />
      </div>
      <p className="panel__note">{effortText(result)}</p>
      <details>
        <summary>As a table</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">{heading}</th>
              <th scope="col">median</th>
              <th scope="col">95 % interval</th>
              <th scope="col">beside the picked</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.label} data-selected={row.standing === 'picked'}>
                <th scope="row">{row.label}</th>
                <td>{timeText(row.measurement.medianMs)}</td>
                <td>{row.measurement.ci95Ms.map(timeText).join(' – ')}</td>
                <td>{row.words}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  );
}

/** '8: 1.24 ms, picked'. */
const words = ({ label, measurement, words: standing }: TuningRow) =>
  `${label}: ${timeText(measurement.medianMs)}, ${standing}`;
