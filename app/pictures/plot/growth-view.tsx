// Memory against length, for a mechanism that goes on token by token: what a Session keeps for the next token and what making it reads,
// beside the other mechanisms that could stand in its place.

import { useCallback, useMemo } from 'react';
import type { Study } from '../../exhibit/study.ts';
import { studyWork } from '../../exhibit/study-work.ts';
import type { ViewProps, ViewSpec, ViewState, ViewTable } from '../../exhibit/view.ts';
import { Term } from '../../glossary/Term.tsx';
import { ProvenanceMark } from '../../parts/ProvenanceMark.tsx';
import { WorkStatus } from '../../parts/WorkStatus.tsx';
import { PenCanvas } from '../../pens/PenCanvas.tsx';
import type { Pen } from '../../pens/pen.ts';
import { SvgPen } from '../../pens/svg-pen.ts';
import { plural } from '../../words/quantities.ts';
import { drawGrowth, hitGrowth } from './growth-plot.ts';
import { type Growth, type GrowthLook, growthOf, growthScene, growthWords } from './growth-scene.ts';
import '../../parts/picture-view.css';
import './growth-view.css';

const WORDS = {
  idle: 'Not measured yet: Sessions of several lengths are opened on this device while this view is on the stage of a live run.',
  cancelled: 'Cancelled before every length was measured.',
};

/** What stands in place of numbers that are not there. */
function waitingWords({ study: { label } }: GrowthParts, { study }: ViewState): string {
  if (study?.kind === 'waiting' || study?.kind === 'running') return `${label} …`;
  if (study?.kind === 'failed' && study.message) return study.message;
  return study?.kind === 'cancelled' ? WORDS.cancelled : WORDS.idle;
}

function summaryOf(parts: GrowthParts, state: ViewState): string {
  const result = growthOf(state.study?.rows ?? []);
  return result ? growthWords(result, state.selection) : waitingWords(parts, state);
}

export interface GrowthParts {
  /** Its rows are those of app/studies/growth.ts. */
  study: Study;
  /** Look of what the mechanism on screen keeps. */
  look: GrowthLook;
  about: string;
  /** What must be said beside the numbers of the steps. */
  remark: string;
}

export function GrowthPicture({ parts, ...props }: ViewProps & { parts: GrowthParts }) {
  const { look, remark } = parts;
  const { recording, selection, study, onSelect } = props;
  const rows = study?.rows;
  const result = useMemo(() => growthOf(rows ?? []), [rows]);
  const scene = useMemo(() => result && growthScene(result, selection, look), [result, selection, look]);
  const draw = useCallback((pen: Pen) => scene && drawGrowth(pen, scene), [scene]);
  const pick = (at: number) => onSelect({ kind: 'at', at: { length: scene!.lengths[at]! } });
  const isLive = recording.device.origin === 'this-device';
  return (
    <div className="strip-view growth-view">
      {scene && result ? (
        <PenCanvas
          kind="bytes against length"
          live={draw}
          label={summaryOf(parts, props)}
          status={growthWords(result, selection)}
          onPress={({ x, y, width, height }) => {
            const at = hitGrowth(scene, width, height, x, y);
            if (at !== null) pick(at);
          }}
          onKey={(key) => {
            const last = scene.lengths.length - 1;
            const to = { ArrowLeft: scene.selected - 1, ArrowRight: scene.selected + 1, Home: 0, End: last }[key];
            if (to === undefined) return false;
            pick(Math.min(Math.max(to, 0), last));
            return true;
          }}
        />
      ) : (
        <div className="growth-view__empty" aria-hidden="true" />
      )}
      {study && (
        <div className="growth-view__foot">
          {result && study.kind === 'done' ? (
            <Terms {...result} stopped={study.message} remark={remark} />
          ) : (
            <WorkStatus state={studyWork(parts.study, study, WORDS)} hasResults={false} empty={WORDS.idle}>
              {null}
            </WorkStatus>
          )}
          {isLive && ['idle', 'done', 'cancelled'].includes(study.kind) && (
            <button type="button" className="button small" onClick={study.start}>
              {result ? 'Measure again' : 'Measure now'}
            </button>
          )}
        </div>
      )}
    </div>
  );
}

/** What is compared, and why that is fair. */
function Terms({ width, series, stopped, remark }: Growth & { stopped: string | null; remark: string }) {
  return (
    <p className="strip-note small">
      Each takes in and gives out {plural(width, 'channel')} a token, so that one could stand in another’s place in a
      model.{' '}
      {series.map(({ mechanism, title, keeps, sizes }) => (
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

function tableOf({ columns }: Study, { study }: ViewState): ViewTable {
  const rows = study?.rows ?? [];
  return { columns: [...columns], rows: rows.map((row) => columns.map(({ id }) => row[id]!)) };
}

/** @param Component shows GrowthPicture with these parts */
export function growthViewOf(parts: GrowthParts, Component: ViewSpec['Component']): ViewSpec {
  const { study, look, about } = parts;
  return {
    id: 'growth',
    title: 'Memory against length',
    about,
    study,
    Component,
    summary: (state) => summaryOf(parts, state),
    table: (state) => tableOf(study, state),
    svg(state, { width, height }, inkOf) {
      const pen = new SvgPen(width, height, inkOf);
      const result = growthOf(state.study?.rows ?? []);
      if (result) drawGrowth(pen, growthScene(result, state.selection, look));
      else pen.text(width / 2, height / 2, 'measured when it is opened', '--ink-2', { size: 20, align: 'center' });
      return pen.document(summaryOf(parts, state));
    },
  };
}
