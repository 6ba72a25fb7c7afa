// The playback bar: first, back, play, forward, last, speed, scrubber, and where the cursor stands in words.

import { useMemo } from 'react';
import { Icon, type IconName } from '../../parts/icons.tsx';
import { useCursor, usePage, useSession, useShown } from '../../state/page-context.ts';
import { SPEEDS } from '../../state/stores/cursor-store.ts';
import { exactText } from '../../words/quantities.ts';

export function PlaybackBar() {
  const { cursor } = usePage();
  const playing = useCursor((state) => state.playing);
  const empty = useCursor((state) => state.length === 0);
  const act = cursor.getState();
  const stepBy = (by: number) => () => {
    act.pause();
    act.seek(cursor.getState().tick + by);
  };
  const button = (name: IconName, label: string, keys: string, onClick: () => void, className = 'button bare icon') => (
    <button
      type="button"
      className={className}
      aria-label={label}
      title={`${label} (${keys})`}
      disabled={empty}
      onClick={onClick}
    >
      <Icon name={name} />
    </button>
  );
  return (
    <section className="playback" aria-label="Playback">
      <div className="playback-buttons">
        {button('first', 'To the start', 'Home', () => act.seek(0))}
        {button('back', 'One step back', '←', stepBy(-1))}
        {button(
          playing ? 'pause' : 'play',
          playing ? 'Pause' : 'Play',
          'Space',
          () => act.toggle(),
          'button primary icon',
        )}
        {button('forward', 'One step on', '→', stepBy(1))}
        {button('last', 'To the end', 'End', () => {
          act.pause();
          act.seek(Number.POSITIVE_INFINITY);
        })}
      </div>
      <SpeedSelect />
      <Scrubber />
      <Position />
    </section>
  );
}

function SpeedSelect() {
  const { cursor } = usePage();
  const speed = useCursor((state) => state.speed);
  return (
    <select
      className="select speed"
      aria-label="Speed"
      title="Speed ([ and ])"
      value={speed}
      onChange={(event) => cursor.getState().setSpeed(Number(event.target.value))}
    >
      {SPEEDS.map((value) => (
        <option key={value} value={value}>
          {value}×
        </option>
      ))}
    </select>
  );
}

const stepOf = (tick: number, length: number) => `step ${exactText(tick)} of ${exactText(length)}`;

function Scrubber() {
  const { cursor } = usePage();
  const tick = useCursor((state) => state.tick);
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
  const tick = useCursor((state) => state.tick);
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
