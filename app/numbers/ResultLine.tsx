// The three answers about a run in one line: what it moved, whether its output is right, how long it took. Details follow below it.

import { MarkedText } from '../glossary/MarkedText.tsx';
import type { NumbersSummary } from '../words/numbers.ts';
import { bytesText, timeText, valueText } from '../words/quantities.ts';
import type { NumbersPanelProps, ParityPanelProps, TimingPanelProps } from './panel-props.ts';
import { failedParity } from './parity-words.ts';
import { belowResolution } from './timing-verdict.ts';

type ResultLineProps = Pick<NumbersPanelProps, 'parity' | 'timing'> & { numbers: NumbersSummary };

export function ResultLine({ numbers: { read, written }, parity, timing }: ResultLineProps) {
  const verdicts = [read.agrees, written.agrees];
  const agrees = verdicts.includes(false) ? false : verdicts.includes(null) ? null : true;
  return (
    <dl className="result-line">
      <div>
        <dt>
          <MarkedText text="HBM" /> read, write
        </dt>
        <dd title={agrees === null ? undefined : `counted, ${agrees ? 'as' : 'not as'} the closed form says`}>
          {bytesText(read.counted)}, {bytesText(written.counted)} {agrees !== null && <Verdict good={agrees} />}
        </dd>
      </div>
      <div>
        <dt>Error</dt>
        <dd>
          <ErrorWords {...parity} />
        </dd>
      </div>
      <div>
        <dt>Time</dt>
        <dd>
          <TimeWords {...timing} />
        </dd>
      </div>
    </dl>
  );
}

function Verdict({ good }: { good: boolean }) {
  return (
    <>
      <span className={good ? 'panel__yes' : 'panel__no'}>{good ? '✓' : '✗'}</span>
      <span className="visually-hidden">{good ? 'as it should be' : 'not as it should be'}</span>
    </>
  );
}

function ErrorWords({ state, outputs, astray }: ParityPanelProps) {
  if (state.kind === 'running') return <span className="quiet">comparing …</span>;
  if (state.kind === 'failed') return <span className="panel__no">not compared</span>;
  if (outputs.length === 0) return <span className="quiet">not compared</span>;
  const failed = failedParity(outputs);
  const largest = outputs.reduce((most, { maxAbsError }) => Math.max(most, maxAbsError), 0);
  return failed ? (
    <span className="panel__no" title={failed.allowed}>
      ✗ {failed.words}
    </span>
  ) : (
    <span title={`at most ${largest} from the float64 reference, within what is allowed`}>
      ≤ {valueText(largest)} {!astray && <Verdict good />}
    </span>
  );
}

function TimeWords({ state, contestants, adapter }: TimingPanelProps) {
  const [own] = contestants;
  if (!own) return <span className="quiet">{state.kind === 'running' ? 'measuring …' : 'not measured'}</span>;
  return (
    <span className={state.kind === 'ready' ? undefined : 'panel__old'}>
      {timeText(own.measurement.medianMs)}
      {belowResolution(own) ? ', below the clock’s resolution' : adapter.isSoftware && ' in software'}
    </span>
  );
}
