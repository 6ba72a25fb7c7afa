// Memory against length, for a mechanism that goes on token by token: what a Session keeps for the next token and what making it reads,
// beside the other mechanisms that could stand in its place.

import type { Picture, PictureState } from '../exhibit/picture.ts';
import { Term } from '../glossary/Term.tsx';
import { ProvenanceMark } from '../parts/ProvenanceMark.tsx';
import type { PlotScene } from '../pictures/plot/line-plot.ts';
import { plot } from '../pictures/plot/plot.ts';
import { plural } from '../words/quantities.ts';
import { growthStudy } from './growth.ts';
import { type GrowthLook, growthOf, growthScene, growthWords } from './growth-lines.ts';

export interface GrowthSpec {
  /** Look of what the mechanism on screen keeps. */
  look: GrowthLook;
  about: string;
  /** What must be said beside the numbers of the steps. */
  remark: string;
}

const WORDS = {
  idle: 'Not measured yet: Sessions of several lengths are opened on this device while this view is on the stage of a live run.',
  cancelled: 'Cancelled before every length was measured.',
  start: 'Measure now',
  again: 'Measure again',
};

const rowsOf = ({ study }: PictureState) => growthOf(study?.rows ?? []);

function wordsOf(state: PictureState): string {
  const { study, place } = state;
  const result = rowsOf(state);
  if (result) return growthWords(result, place);
  if (study?.kind === 'waiting' || study?.kind === 'running') return `${growthStudy.label} …`;
  if (study?.kind === 'failed' && study.message) return study.message;
  return study?.kind === 'cancelled' ? WORDS.cancelled : WORDS.idle;
}

/** What is compared, and why that is fair. */
function Terms({ state, remark }: { state: PictureState; remark: string }) {
  const result = rowsOf(state);
  if (!result || state.study?.kind !== 'done') return null;
  const stopped = state.study.message;
  return (
    <p className="strip-note small">
      Each takes in and gives out {plural(result.width, 'channel')} a token, so that one could stand in another’s place
      in a model.{' '}
      {result.series.map(({ mechanism, title, keeps, sizes }) => (
        <span key={mechanism}>
          {title} (<Term id={keeps.toLowerCase().replaceAll(' ', '-')}>{keeps}</Term>
          ): {sizes}.{' '}
        </span>
      ))}
      {remark} One sequence; a Session for every length. <ProvenanceMark kind="exact" /> points,{' '}
      <ProvenanceMark kind="closed-form" /> dashes.{stopped && ` Longer ones were left out: ${stopped}.`}
    </p>
  );
}

export function growth({ look, about, remark }: GrowthSpec): Picture<PlotScene | null> {
  return plot({
    id: 'growth',
    title: 'Memory against length',
    about,
    along: 'length',
    study: growthStudy,
    studyWords: WORDS,
    unknown: 'measured when it is opened',
    scene(state) {
      const result = rowsOf(state);
      return result && growthScene(result, state.place, look);
    },
    words: wordsOf,
    table: (_scene, state) => ({
      columns: [...growthStudy.columns],
      rows: (state.study?.rows ?? []).map((row) => growthStudy.columns.map(({ id }) => row[id]!)),
    }),
    foot: (_scene, state) => <Terms state={state} remark={remark} />,
  });
}
