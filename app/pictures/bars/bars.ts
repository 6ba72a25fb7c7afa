// The picture "how often is it right": a bar per group of a study's runs, a dot per run.

import type { Picture, PictureState } from '../../exhibit/picture.ts';
import { coordinateOf } from '../../exhibit/place.ts';
import type { Study } from '../../exhibit/study.ts';
import { along, IN_ORDER } from '../../exhibit/walk-keys.ts';
import type { Ink, Pattern } from '../../pens/pen.ts';
import { type AccuracyScene, drawAccuracy, hitAccuracy, shareText, sumOf } from './share-bars.ts';

/** Columns of the study that a picture of bars is drawn from. */
export const BAR_COLUMNS: Study['columns'] = [
  { id: 'group', title: 'Model' },
  { id: 'run', title: 'Run' },
  { id: 'right', title: 'Right' },
  { id: 'asked', title: 'Asked' },
];

export interface BarsSpec {
  id: string;
  title: string;
  about: string;
  /** Its rows have BAR_COLUMNS; `group` is one of `groups`. */
  study: Study;
  groups: readonly { id: string; title: string; short: string; ink: Ink; pattern: Pattern | null }[];
  /** What is run, and what is asked there: 'Fresh streams, which no preset uses,' 'tokens to copy in fresh streams'. */
  runs: string;
  asked: string;
  /** Share that guessing gives. */
  guess: number;
}

/** The axis of the runs of all groups, in order. */
const TRIAL = 'trial';

function sceneOf({ groups, guess }: BarsSpec, { study, place }: PictureState): AccuracyScene {
  const rows = study?.rows ?? [];
  const bars = groups.map(({ id, title, short, ink, pattern }) => ({
    title,
    short,
    ink,
    pattern,
    runs: rows
      .filter(({ group }) => group === id)
      .map(({ run, right, asked }) => ({ name: String(run), right: Number(right), asked: Number(asked) })),
  }));
  const count = bars.reduce((sum, { runs }) => sum + runs.length, 0);
  const selected = coordinateOf(place, TRIAL);
  return { bars, guess, selected: selected !== null && selected < count ? selected : null };
}

function wordsOf({ groups, asked, runs }: BarsSpec, { bars }: AccuracyScene, { study, run }: PictureState): string {
  if (bars.every((bar) => bar.runs.length === 0)) {
    if (study?.kind === 'failed') return `${runs} could not be run: ${study.message}`;
    const device = run.device.origin === 'this-device' ? run.device.label : 'this device';
    return `${runs} run on ${device} when this view is on the stage.`;
  }
  const shares = bars.map((bar, i) => `${groups[i]!.short} ${shareText(sumOf(bar.runs))}`);
  return `Of the ${asked}${study?.kind === 'done' ? '' : ' so far'}: ${shares.join('; ')}.`;
}

const trialAt = (index: number) => ({ kind: 'at', at: { [TRIAL]: index } }) as const;

export function bars(spec: BarsSpec): Picture<AccuracyScene> {
  const { id, title, about, study, groups } = spec;
  return {
    id,
    title,
    about,
    study,
    kind: 'bars of right answers',
    timeless: true,
    hint: 'One dot is one run; arrows walk them.',
    scene: (state) => sceneOf(spec, state),
    draw: drawAccuracy,
    hit(scene, { width, height }, { x, y }) {
      const hit = hitAccuracy(scene, width, height, x, y);
      return hit === null ? null : trialAt(hit);
    },
    walk(scene, _place, key) {
      const count = scene.bars.reduce((sum, { runs }) => sum + runs.length, 0);
      const trial = along(IN_ORDER[key], scene.selected, count);
      return trial === null ? null : trialAt(trial);
    },
    words: (scene, state) => wordsOf(spec, scene, state),
    status({ bars: drawn, selected }) {
      if (selected === null) return '';
      const runs = drawn.flatMap((bar, i) => bar.runs.map((each) => ({ ...each, group: groups[i]!.short })));
      const chosen = runs[selected]!;
      return `${chosen.group}, ${chosen.name}: ${shareText(chosen)}`;
    },
    table: ({ bars: drawn }) => ({
      columns: [...study.columns, { id: 'share', title: 'Share', unit: '%' }],
      rows: drawn.flatMap(({ runs }, i) =>
        [...runs, ...(runs.length > 1 ? [{ name: 'all', ...sumOf(runs) }] : [])].map(({ name, right, asked }) => [
          groups[i]!.short,
          name,
          right,
          asked,
          Number(((100 * right) / asked).toFixed(2)),
        ]),
      ),
    }),
  };
}
