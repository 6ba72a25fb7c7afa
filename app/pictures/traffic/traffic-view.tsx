// Bytes moved, this run beside the others on the same input.

import { useMemo } from 'react';
import type { ViewProps, ViewSpec, ViewState, ViewTable } from '../../exhibit/view.ts';
import { SvgPen } from '../../pens/svg-pen.ts';
import { bytesText } from '../../words/quantities.ts';
import { stepWordsOf } from '../../words/step-words.ts';
import { TrafficBars } from './TrafficBars.tsx';
import { drawTraffic, type TrafficScene } from './traffic-bars.ts';
import '../../parts/picture-view.css';
import { type TrafficNames, trafficScene } from './traffic-scene.ts';

/** What the view needs to know of the mechanism. */
export interface TrafficParts extends TrafficNames {
  /** Marker name → title. */
  titles: Record<string, string>;
  /** What the picture shows, and what there is to see in it. */
  about: string;
}

const sceneOf = ({ recording, tick, selection, others }: ViewState, names: TrafficNames) =>
  trafficScene(recording, tick, selection, others, names);

function movedWords({ bars }: TrafficScene): string {
  const moved = (memory: 'HBM' | 'SRAM') =>
    bars
      .filter((bar) => bar.current && bar.memory === memory)
      .flatMap(({ segments }) => segments)
      .reduce((sum, { bytes }) => sum + bytes, 0);
  const others = bars
    .filter((bar) => !bar.current && bar.memory === 'HBM')
    .map(({ run, inAll }) => `${run} ${bytesText(inAll)}`);
  const beside = others.length > 0 ? ` Beside it, in all: ${others.join(', ')}.` : '';
  return `So far ${bytesText(moved('HBM'))} moved between HBM and the kernels, ${bytesText(moved('SRAM'))} in SRAM.${beside}`;
}

const summaryOf = (state: ViewState, parts: TrafficParts) =>
  `${stepWordsOf(state.recording.trace, state.tick, parts.titles)}. ${movedWords(sceneOf(state, parts))}`;

export function TrafficPicture({ parts, ...props }: ViewProps & { parts: TrafficParts }) {
  const { recording, tick, selection, others, onSelect } = props;
  const scene = useMemo(
    () => trafficScene(recording, tick, selection, others, parts),
    [recording, tick, selection, others, parts],
  );
  return (
    <div className="strip-view">
      <TrafficBars
        scene={scene}
        label={summaryOf(props, parts)}
        status={scene.selected === null ? '' : `${scene.selected}: ${parts.lookOf(scene.selected).title}`}
        onBuffer={(buffer) => onSelect(buffer === null ? null : { kind: 'buffer', buffer })}
      />
      <Legend scene={scene} parts={parts} />
    </div>
  );
}

/** What the letters stand for, in the order of the bars. */
function Legend({ scene, parts }: { scene: TrafficScene; parts: TrafficParts }) {
  const buffers = [...new Set(scene.bars.flatMap(({ segments }) => segments.map(({ buffer }) => buffer)))];
  const looks = new Map(buffers.map((buffer) => [parts.lookOf(buffer).letter, parts.lookOf(buffer)]));
  return (
    <ul className="strip-legend">
      {[...looks.values()].map(({ letter, colour, title }) => (
        <li key={letter}>
          <span className="strip-swatch" style={{ borderColor: `var(${colour})` }} aria-hidden="true">
            {letter}
          </span>
          {title}
        </li>
      ))}
    </ul>
  );
}

function tableOf(state: ViewState, parts: TrafficParts): ViewTable {
  return {
    columns: [
      { id: 'run', title: 'Run' },
      { id: 'memory', title: 'Memory' },
      { id: 'buffer', title: 'Buffer' },
      { id: 'bytes', title: 'Moved', unit: 'B' },
    ],
    rows: sceneOf(state, parts).bars.flatMap(({ run, memory, segments }) =>
      segments.map(({ buffer, bytes }) => [run, memory, buffer, bytes]),
    ),
  };
}

/** @param Component shows TrafficPicture with these parts */
export function trafficViewOf(parts: TrafficParts, Component: ViewSpec['Component']): ViewSpec {
  return {
    id: 'memory',
    title: 'Memory',
    about: parts.about,
    Component,
    summary: (state) => summaryOf(state, parts),
    table: (state) => tableOf(state, parts),
    svg(state, { width, height }, inkOf) {
      const pen = new SvgPen(width, height, inkOf);
      drawTraffic(pen, sceneOf(state, parts));
      return pen.document(summaryOf(state, parts));
    },
  };
}
