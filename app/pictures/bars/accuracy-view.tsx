// The view "how often is it right on fresh streams": runs of this device with selection and without, for any model that is asked questions.

import { useCallback, useState } from 'react';
import type { Study, StudyState } from '../../exhibit/study.ts';
import { studyWork } from '../../exhibit/study-work.ts';
import type { ViewProps, ViewSpec, ViewState, ViewTable } from '../../exhibit/view.ts';
import { ProvenanceMark } from '../../parts/ProvenanceMark.tsx';
import { WorkStatus } from '../../parts/WorkStatus.tsx';
import { PenCanvas } from '../../pens/PenCanvas.tsx';
import type { Ink, Pattern, Pen } from '../../pens/pen.ts';
import { SvgPen } from '../../pens/svg-pen.ts';
import { type AccuracyScene, drawAccuracy, hitAccuracy, shareText, sumOf } from './accuracy-bars.ts';
import '../../parts/picture-view.css';

export const ACCURACY_COLUMNS: Study['columns'] = [
  { id: 'group', title: 'Model' },
  { id: 'run', title: 'Run' },
  { id: 'right', title: 'Right' },
  { id: 'asked', title: 'Asked' },
];

export interface AccuracyParts {
  about: string;
  /** Its rows have the keys of ACCURACY_COLUMNS; `group` is one of `groups`. */
  study: Study;
  groups: readonly { id: string; title: string; short: string; ink: Ink; pattern: Pattern | null }[];
  /** What is asked, for sentences: 'tokens to copy'. */
  asked: string;
  /** Share that guessing gives. */
  guess: number;
}

function sceneOf({ groups, guess }: AccuracyParts, study: StudyState | undefined, selected: number | null) {
  const rows = study?.rows ?? [];
  const bars = groups.map(({ id, title, short, ink, pattern }) => ({
    ...{ title, short, ink, pattern },
    runs: rows
      .filter(({ group }) => group === id)
      .map(({ run, right, asked }) => ({ name: String(run), right: Number(right), asked: Number(asked) })),
  }));
  return { bars, guess, selected } satisfies AccuracyScene;
}

function words(parts: AccuracyParts, { study, recording }: ViewState): string {
  const { bars } = sceneOf(parts, study, null);
  if (bars.every(({ runs }) => runs.length === 0)) {
    if (study?.kind === 'failed') return `Fresh streams could not be run: ${study.message}`;
    return `Fresh streams, which no preset uses, run on ${recording.device.origin === 'this-device' ? recording.device.label : 'this device'} when this view is on the stage.`;
  }
  const shares = bars.map(({ runs }, i) => `${parts.groups[i]!.short} ${shareText(sumOf(runs))}`);
  const so = study?.kind === 'done' ? '' : ' so far';
  return `Of the ${parts.asked} in fresh streams${so}: ${shares.join('; ')}.`;
}

const WORDS = { idle: 'Not run yet.', cancelled: 'Stopped.' };

export function AccuracyPicture({ parts, ...props }: ViewProps & { parts: AccuracyParts }) {
  const { study } = props;
  const [selected, setSelected] = useState<number | null>(null);
  const scene = sceneOf(parts, study, selected);
  const runs = scene.bars.flatMap(({ runs: own }, i) => own.map((run) => ({ ...run, group: parts.groups[i]!.short })));
  const chosen = selected === null ? undefined : runs[selected];
  const key = JSON.stringify([study?.rows, selected]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the scene is what `key` says
  const live = useCallback((pen: Pen) => drawAccuracy(pen, scene), [key]);
  const status = chosen ? `${chosen.group}, ${chosen.name}: ${shareText(chosen)}` : '';
  const over = study && ['done', 'cancelled', 'failed'].includes(study.kind);
  return (
    <div className="strip-view">
      <div className="study-bar">
        {study?.kind !== 'done' && (
          <WorkStatus state={studyWork(parts.study, study, WORDS)} hasResults={false} empty="">
            {null}
          </WorkStatus>
        )}
        {over && (
          <button type="button" className="button small" onClick={study.start}>
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

function table(parts: AccuracyParts, { study }: ViewState): ViewTable {
  return {
    columns: [...parts.study.columns, { id: 'share', title: 'Share', unit: '%' }],
    rows: sceneOf(parts, study, null).bars.flatMap(({ runs }, i) =>
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
    study: parts.study,
    summary: (state) => words(parts, state),
    table: (state) => table(parts, state),
    svg(state, { width, height }, inkOf) {
      const pen = new SvgPen(width, height, inkOf);
      drawAccuracy(pen, sceneOf(parts, state.study, null));
      return pen.document(words(parts, state));
    },
  };
}
