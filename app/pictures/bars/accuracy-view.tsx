// The view "how often is it right on fresh streams": runs of this device with selection and without, for any model that is asked questions.

import { useCallback, useEffect, useState } from 'react';
import type { Trial, TrialState } from '../../exhibit/study.ts';
import type { ViewProps, ViewSpec, ViewState, ViewTable } from '../../exhibit/view.ts';
import { ProvenanceMark } from '../../parts/ProvenanceMark.tsx';
import { WorkStatus } from '../../parts/WorkStatus.tsx';
import type { WorkState } from '../../parts/work-state.ts';
import { PenCanvas } from '../../pens/PenCanvas.tsx';
import type { Ink, Pattern, Pen } from '../../pens/pen.ts';
import { SvgPen } from '../../pens/svg-pen.ts';
import { type AccuracyScene, drawAccuracy, hitAccuracy, shareText, sumOf } from './accuracy-bars.ts';
import '../../parts/picture-view.css';

export interface AccuracyParts {
  about: string;
  /** Its rows have the keys `group` (one of `groups`), `run`, `right` and `asked`. */
  trial: Trial;
  groups: readonly { id: string; title: string; short: string; ink: Ink; pattern: Pattern | null }[];
  /** What is asked, for sentences: 'tokens to copy'. */
  asked: string;
  /** Share that guessing gives. */
  guess: number;
}

function sceneOf({ groups, guess }: AccuracyParts, trial: TrialState | undefined, selected: number | null) {
  const rows = trial?.rows ?? [];
  const bars = groups.map(({ id, title, short, ink, pattern }) => ({
    ...{ title, short, ink, pattern },
    runs: rows
      .filter(({ group }) => group === id)
      .map(({ run, right, asked }) => ({ name: String(run), right: Number(right), asked: Number(asked) })),
  }));
  return { bars, guess, selected } satisfies AccuracyScene;
}

function words(parts: AccuracyParts, { trial, recording }: ViewState): string {
  const { bars } = sceneOf(parts, trial, null);
  if (bars.every(({ runs }) => runs.length === 0)) {
    if (trial?.kind === 'failed') return `Fresh streams could not be run: ${trial.message}`;
    return `Fresh streams, which no preset uses, run on ${recording.device.origin === 'this-device' ? recording.device.label : 'this device'} when this view is on the stage.`;
  }
  const shares = bars.map(({ runs }, i) => `${parts.groups[i]!.short} ${shareText(sumOf(runs))}`);
  const so = trial?.kind === 'done' ? '' : ' so far';
  return `Of the ${parts.asked} in fresh streams${so}: ${shares.join('; ')}.`;
}

function workOf(trial: TrialState | undefined, label: string, onTrial: ViewProps['onTrial']): WorkState {
  switch (trial?.kind) {
    case 'waiting':
      return { kind: 'running', label: 'Waits until the run on screen is compared and timed' };
    case 'running':
      return { kind: 'running', label, share: trial.share, onCancel: () => onTrial?.(false) };
    case 'failed':
      return { kind: 'failed', message: trial.message ?? '', onRetry: () => onTrial?.(true) };
    case 'cancelled':
      return { kind: 'empty', message: 'Stopped.' };
    default:
      return trial ? { kind: 'ready' } : { kind: 'empty', message: 'Not run yet.' };
  }
}

export function AccuracyPicture({ parts, ...props }: ViewProps & { parts: AccuracyParts }) {
  const { trial, onTrial } = props;
  const [selected, setSelected] = useState<number | null>(null);
  // Once the view is on the stage; what was stopped or failed waits for its button.
  useEffect(() => {
    if (!trial) onTrial?.(true);
  }, [trial, onTrial]);
  const scene = sceneOf(parts, trial, selected);
  const runs = scene.bars.flatMap(({ runs: own }, i) => own.map((run) => ({ ...run, group: parts.groups[i]!.short })));
  const chosen = selected === null ? undefined : runs[selected];
  const key = JSON.stringify([trial?.rows, selected]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the scene is what `key` says
  const live = useCallback((pen: Pen) => drawAccuracy(pen, scene), [key]);
  const status = chosen ? `${chosen.group}, ${chosen.name}: ${shareText(chosen)}` : '';
  const over = trial && trial.kind !== 'waiting' && trial.kind !== 'running';
  return (
    <div className="strip-view">
      <div className="trial-bar">
        {trial?.kind !== 'done' && (
          <WorkStatus state={workOf(trial, parts.trial.label, onTrial)} hasResults={false} empty="">
            {null}
          </WorkStatus>
        )}
        {over && (
          <button type="button" className="button small" onClick={() => onTrial?.(true)}>
            Run again
          </button>
        )}
        <span className="spring" />
        {runs.length > 0 && <ProvenanceMark kind="exact" />}
      </div>
      <PenCanvas
        kind="bars of right answers"
        live={live}
        label={words(parts, props)}
        status={status}
        onPress={({ x, y, width, height }) => setSelected(hitAccuracy(scene, width, height, x, y))}
        onKey={(pressed) => {
          const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[pressed];
          if (step === undefined || runs.length === 0) return false;
          const from = selected ?? (step > 0 ? -1 : runs.length);
          setSelected(Math.min(Math.max(from + step, 0), runs.length - 1));
          return true;
        }}
      />
      <p className="strip-note">{status || 'One dot is one run; arrows walk them.'}</p>
    </div>
  );
}

function table(parts: AccuracyParts, { trial }: ViewState): ViewTable {
  return {
    columns: [
      { id: 'group', title: 'Model' },
      { id: 'run', title: 'Run' },
      { id: 'right', title: 'Right' },
      { id: 'asked', title: 'Asked' },
      { id: 'share', title: 'Share', unit: '%' },
    ],
    rows: sceneOf(parts, trial, null).bars.flatMap(({ runs }, i) =>
      [...runs, ...(runs.length > 1 ? [{ name: 'all', ...sumOf(runs) }] : [])].map(({ name, right, asked }) => [
        parts.groups[i]!.short,
        name,
        right,
        asked,
        Number(((100 * right) / asked).toFixed(2)),
      ]),
    ),
  };
}

/** @param Component shows AccuracyPicture with these parts */
export function accuracyViewOf(parts: AccuracyParts, Component: ViewSpec['Component']): ViewSpec {
  return {
    id: 'accuracy',
    title: 'Accuracy',
    about: parts.about,
    Component,
    trial: parts.trial,
    summary: (state) => words(parts, state),
    table: (state) => table(parts, state),
    svg(state, { width, height }, inkOf) {
      const pen = new SvgPen(width, height, inkOf);
      drawAccuracy(pen, sceneOf(parts, state.trial, null));
      return pen.document(words(parts, state));
    },
  };
}
