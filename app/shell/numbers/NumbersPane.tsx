// The numbers pane: hands the session's results to the mechanism-independent numbers panel.

import type { Recording } from '../../exhibit/recording.ts';
import type { NumbersPanel } from '../../numbers/NumbersPanel.tsx';
import { ErrorBoundary } from '../../parts/ErrorBoundary.tsx';
import { LaterPart, later } from '../../parts/LaterPart.tsx';
import { useCursor, usePage, useSession, useShown } from '../../state/page-context.ts';
import { adapterLabel } from '../../state/run/recording-of-run.ts';
import { variantLabel } from '../../state/run/runs-beside.ts';
import { useWorkState } from './work-state.ts';

const NUMBERS = later(
  'The panel of numbers',
  async () => (await import('../../numbers/NumbersPanel.tsx')).NumbersPanel,
);
const VALUES = later('The panel of values', async () => (await import('./ValuesPane.tsx')).ValuesPane);
const TUNING = later('The panel of tuning', async () => (await import('./TuningPane.tsx')).TuningPane);

/** WebGPU's guaranteed workgroup memory, bytes; stands until the device has told its own. */
const GUARANTEED_WORKGROUP_BYTES = 16_384;

export function NumbersPane() {
  const recording = useSession((state) => state.recording);
  const stale = useSession((state) => state.stale);
  return (
    <section className="pane numbers" aria-label="Numbers">
      <div className={stale ? 'pane-body stale' : 'pane-body'}>
        {recording ? (
          <ErrorBoundary what="The numbers" resetKey={recording.id}>
            <LaterPart of={NUMBERS} waiting={<p className="quiet">Loading …</p>}>
              {(NumbersPanel) => <Numbers recording={recording} Panel={NumbersPanel} />}
            </LaterPart>
          </ErrorBoundary>
        ) : (
          <p className="quiet">Counts, parity and times show here once a kernel has run.</p>
        )}
      </div>
    </section>
  );
}

const labelOf = (run: Recording) => variantLabel(run.variant, run);

function Numbers({ recording, Panel }: { recording: Recording; Panel: typeof NumbersPanel }) {
  const { cursor, controller } = usePage();
  const { view } = useShown();
  const selection = useCursor((state) => state.selection);
  const others = useSession((state) => state.others);
  const cost = useSession((state) => state.cost);
  const engine = useSession((state) => state.engine);
  const parity = useWorkState('parity', 'Compared with a float64 reference after the run.', controller.rerun);
  const parityOutputs = useSession((state) => state.parityOutputs);
  const timing = useWorkState('timing', 'Timed after the run; a long run waits for the button.', controller.measure);
  const contestants = useSession((state) => state.contestants);
  const tune = useWorkState(
    'tune',
    'Not tuned to this device yet. That comes after the timing of a short run; a long one waits for the button.',
    controller.tune,
  );
  const tunes = useSession((state) => state.tuned !== null);
  const adapter = engine.kind === 'ready' ? engine.adapter : null;
  return (
    <Panel
      recording={recording}
      others={others as Recording[]}
      labelOf={labelOf}
      remark={view?.remark?.(recording, others)}
      cost={cost}
      workgroupLimitBytes={adapter?.limits.maxComputeWorkgroupStorageSize ?? GUARANTEED_WORKGROUP_BYTES}
      parity={{ state: parity, outputs: [...parityOutputs] }}
      timing={{
        state: timing,
        contestants: [...contestants],
        adapter: adapter
          ? { label: adapterLabel(adapter), isSoftware: adapter.isSoftware }
          : { label: recording.device.label, isSoftware: recording.device.isSoftware },
        // What was not made here cannot be measured here.
        onMeasure: adapter && recording.device.origin === 'this-device' ? controller.measure : undefined,
      }}
      values={
        <LaterPart of={VALUES} waiting={<div className="values-room" />}>
          {(ValuesPane) => <ValuesPane recording={recording} />}
        </LaterPart>
      }
      selection={selection}
      onSelect={cursor.getState().select}
    >
      {tunes && <LaterPart of={TUNING}>{(TuningPane) => <TuningPane work={tune} />}</LaterPart>}
    </Panel>
  );
}
