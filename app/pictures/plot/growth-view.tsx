// Memory against length, for a mechanism that goes on token by token: what a Session keeps for the next token and what making it reads,
// beside the other mechanisms that could stand in its place.

import { useCallback, useMemo } from 'react';
import type { Growth, GrowthState } from '../../exhibit/study.ts';
import type { ViewProps, ViewSpec, ViewState, ViewTable } from '../../exhibit/view.ts';
import { Term } from '../../glossary/Term.tsx';
import { isTerm } from '../../glossary/terms.ts';
import { ProvenanceMark } from '../../parts/ProvenanceMark.tsx';
import { WorkStatus } from '../../parts/WorkStatus.tsx';
import type { WorkState } from '../../parts/work-state.ts';
import { PenCanvas } from '../../pens/PenCanvas.tsx';
import type { Pen } from '../../pens/pen.ts';
import { SvgPen } from '../../pens/svg-pen.ts';
import { plural } from '../../words/quantities.ts';
import { drawGrowth, hitGrowth } from './growth-plot.ts';
import { type GrowthLook, growthScene, growthWords, resultFor } from './growth-scene.ts';
import '../../parts/picture-view.css';
import './growth-view.css';

const WAITING =
  'Not measured yet: Sessions of several lengths are opened on this device while this view is on the stage of a live run.';

/** What stands in place of numbers that are not there. */
function waitingWords({ growth }: ViewState): string {
  const work = growth?.work;
  if (work?.kind === 'running') return `${work.label} …`;
  if (work?.kind === 'failed') return work.problem.message;
  if (work?.kind === 'cancelled') return 'Cancelled before every length was measured.';
  return WAITING;
}

function summaryOf(state: ViewState): string {
  const result = resultFor(state.recording, state.growth);
  return result ? growthWords(result, state.selection) : waitingWords(state);
}

function workState(growth: GrowthState): WorkState {
  const { work, start, cancel } = growth;
  if (work.kind === 'running') return { ...work, onCancel: cancel };
  if (work.kind === 'failed') return { kind: 'failed', message: work.problem.message, onRetry: start };
  return work.kind === 'done' ? { kind: 'ready' } : { kind: 'empty', message: waitingWords({ growth } as ViewState) };
}

export interface GrowthParts {
  /** Look of what the mechanism on screen keeps. */
  look: GrowthLook;
  about: string;
  /** What must be said beside the numbers of the steps. */
  remark: string;
}

export function GrowthPicture({ parts, ...props }: ViewProps & { parts: GrowthParts }) {
  const { look, remark } = parts;
  const { recording, selection, growth, onSelect } = props;
  const result = resultFor(recording, growth);
  const scene = useMemo(() => result && growthScene(result, selection, look), [result, selection, look]);
  const draw = useCallback((pen: Pen) => scene && drawGrowth(pen, scene), [scene]);
  const pick = (at: number) => onSelect({ kind: 'length', length: scene!.lengths[at]! });
  const settled = growth?.work.kind === 'done' || growth?.work.kind === 'idle';
  const isLive = recording.device.origin === 'this-device';
  const isOld = result !== null && result.recording !== recording.id;
  return (
    <div className="strip-view growth-view">
      {scene && result ? (
        <PenCanvas
          kind="bytes against length"
          className={isOld ? 'panel__old' : undefined}
          live={draw}
          label={summaryOf(props)}
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
      {growth && (
        <div className="growth-view__foot">
          {result && settled ? (
            <Terms {...result} remark={remark} />
          ) : (
            <WorkStatus state={workState(growth)} hasResults={false} empty={WAITING}>
              {null}
            </WorkStatus>
          )}
          {isLive && growth.work.kind !== 'running' && growth.work.kind !== 'failed' && (
            <button type="button" className="button small" onClick={growth.start}>
              {result ? 'Measure again' : 'Measure now'}
            </button>
          )}
        </div>
      )}
    </div>
  );
}

/** What is compared, and why that is fair. */
function Terms({ width, series, stopped, remark }: Growth & { remark: string }) {
  return (
    <p className="strip-note small">
      Each takes in and gives out {plural(width, 'channel')} a token, so that one could stand in another’s place in a
      model.{' '}
      {series.map(({ mechanism, title, keeps, sizes }) => (
        <span key={mechanism}>
          {title} (<Kept name={keeps} />
          ): {sizes}.{' '}
        </span>
      ))}
      {remark} One sequence; a Session for every length. <ProvenanceMark kind="exact" /> points,{' '}
      <ProvenanceMark kind="closed-form" /> dashes.{stopped && ` Longer ones were left out: ${stopped}.`}
    </p>
  );
}

/** With its card where the glossary has one. */
function Kept({ name }: { name: string }) {
  const id = name.toLowerCase().replaceAll(' ', '-');
  return isTerm(id) ? <Term id={id}>{name}</Term> : name;
}

function tableOf({ recording, growth }: ViewState): ViewTable {
  const series = resultFor(recording, growth)?.series ?? [];
  return {
    columns: [
      { id: 'length', title: 'Tokens' },
      { id: 'mechanism', title: 'Mechanism' },
      { id: 'keeps', title: 'Keeps' },
      { id: 'kept', title: 'Kept', unit: 'B' },
      { id: 'form', title: 'Closed form', unit: 'B' },
      { id: 'readOfKept', title: 'Read of it by a step', unit: 'B' },
      { id: 'read', title: 'Read in all', unit: 'B' },
      { id: 'written', title: 'Written', unit: 'B' },
    ],
    rows: (series[0]?.points ?? []).flatMap((_, i) =>
      series.map(({ title, keeps, points }) => {
        const { length, kept, closedForm, readOfKept, read, written } = points[i]!;
        return [length, title, keeps, kept, closedForm, readOfKept, read, written];
      }),
    ),
  };
}

/** @param Component shows GrowthPicture with these parts */
export function growthViewOf({ look, about }: GrowthParts, Component: ViewSpec['Component']): ViewSpec {
  return {
    id: 'growth',
    title: 'Memory against length',
    about,
    needs: 'growth',
    Component,
    summary: summaryOf,
    table: tableOf,
    svg(state, { width, height }, inkOf) {
      const pen = new SvgPen(width, height, inkOf);
      const result = resultFor(state.recording, state.growth);
      if (result) drawGrowth(pen, growthScene(result, state.selection, look));
      else pen.text(width / 2, height / 2, 'measured when it is opened', '--ink-2', { size: 20, align: 'center' });
      return pen.document(summaryOf(state));
    },
  };
}
