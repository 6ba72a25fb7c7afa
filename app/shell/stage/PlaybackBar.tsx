// The playback bar: first, back, play, forward, last, speed, order of the steps, scrubber, and where the cursor stands in words.

import { useMemo } from 'react';
import { PickSelect } from '../../parts/PickSelect.tsx';
import { useConfig, useCursor, usePage, useSession, useShown } from '../../state/page-context.ts';
import { useShownTick } from '../../state/playback/shown-tick.ts';
import { SPEEDS } from '../../state/stores/cursor-store.ts';
import { orderOf, STEP_ORDERS, type StepOrder } from '../../state/stores/experiment.ts';
import { exactText } from '../../words/quantities.ts';
import { ActionButton } from '../ActionButton.tsx';
import { ACTION_BY_ID } from '../actions.ts';
import { keyText } from '../key-names.ts';

export function PlaybackBar() {
  const playing = useCursor((state) => state.playing);
  return (
    <section className="playback" aria-label="Playback">
      <div className="playback-buttons">
        <ActionButton id="start" icon="first" />
        <ActionButton id="step-back" icon="back" />
        <ActionButton
          id="play"
          icon={playing ? 'pause' : 'play'}
          label={playing ? 'Pause' : 'Play'}
          className="button primary icon"
        />
        <ActionButton id="step-on" icon="forward" />
        <ActionButton id="end" icon="last" />
      </div>
      <SpeedSelect />
      <OrderSelect />
      <Scrubber />
      <Position />
    </section>
  );
}

const SPEED_KEYS = (['slower', 'faster'] as const).map((id) => keyText(ACTION_BY_ID.get(id)!.keys![0]!)).join(' and ');

function SpeedSelect() {
  const { cursor } = usePage();
  const speed = useCursor((state) => state.speed);
  return (
    <PickSelect
      className="select speed"
      aria-label="Speed"
      title={`Speed (${SPEED_KEYS})`}
      value={speed}
      onPick={(value) => cursor.getState().setSpeed(Number(value))}
    >
      {SPEEDS.map((value) => (
        <option key={value} value={value}>
          {value}×
        </option>
      ))}
    </PickSelect>
  );
}

const ORDERS: Record<StepOrder, string> = { recorded: 'as recorded', workgroup: 'by workgroup' };

function OrderSelect() {
  const { config } = usePage();
  const order = useConfig(({ arrangement }) => orderOf(arrangement));
  return (
    <PickSelect
      className="select order"
      aria-label="Order of the steps"
      title="As recorded: the order in which this run’s workgroups took their steps, another one in every run. By workgroup: the same recorded steps put one workgroup after the other, the same in every run."
      value={order}
      onPick={(value) => config.getState().arrange({ order: value as StepOrder })}
    >
      {STEP_ORDERS.map((id) => (
        <option key={id} value={id}>
          {ORDERS[id]}
        </option>
      ))}
    </PickSelect>
  );
}

const stepOf = (tick: number, length: number) => `step ${exactText(tick)} of ${exactText(length)}`;

function Scrubber() {
  const { cursor } = usePage();
  const tick = useShownTick();
  const length = useCursor((state) => state.length);
  return (
    <input
      className="range scrubber"
      type="range"
      aria-label="Step"
      aria-valuetext={stepOf(tick, length)}
      min={0}
      max={Math.max(length, 1)}
      step={1}
      value={tick}
      disabled={length === 0}
      onChange={(event) => {
        cursor.getState().pause();
        cursor.getState().seek(Number(event.target.value));
      }}
    />
  );
}

/** "step 37 of 128 · workgroup 5 · load key tile". */
function Position() {
  const tick = useShownTick();
  const length = useCursor((state) => state.length);
  const recording = useSession((state) => state.recording);
  const { mechanism } = useShown();
  const titles = useMemo(() => new Map(mechanism?.steps.map(({ id, title }) => [id, title])), [mechanism]);
  const step = tick > 0 ? recording?.trace.steps[tick - 1] : undefined;
  const dispatches = recording?.trace.dispatches.length ?? 1;
  const name = step?.name ? (titles.get(step.name) ?? step.name) : 'between markers';
  return (
    <p className="position numeric">
      <span>{stepOf(tick, length)}</span>
      {step && (
        <>
          {dispatches > 1 && <span> · kernel {step.dispatch + 1}</span>}
          <span> · workgroup {step.workgroup}</span>
          <span className="step-name"> · {name}</span>
        </>
      )}
    </p>
  );
}
