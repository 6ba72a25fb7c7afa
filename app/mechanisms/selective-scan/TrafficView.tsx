// Bytes moved, this run beside the others on the same input.

import { useMemo } from 'react';
import { bytesText } from '../../marks/quantities.ts';
import { stepWordsOf } from '../../marks/step-words.ts';
import { SvgPen } from '../../marks/svg-pen.ts';
import { TrafficBars } from '../../marks/TrafficBars.tsx';
import { drawTraffic, type TrafficScene } from '../../marks/traffic-bars.ts';
import type { ViewProps, ViewSpec, ViewState, ViewTable } from '../view.ts';
import { stepTitles } from './step-titles.ts';
import { lookOf } from './tensors.ts';
import { trafficScene } from './traffic-scene.ts';

const sceneOf = ({ recording, tick, selection, others }: ViewState) => trafficScene(recording, tick, selection, others);

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

const summary = (state: ViewState) =>
  `${stepWordsOf(state.recording.trace, state.tick, stepTitles)}. ${movedWords(sceneOf(state))}`;

function TrafficPicture(props: ViewProps) {
  const { recording, tick, selection, others, onSelect } = props;
  const scene = useMemo(() => trafficScene(recording, tick, selection, others), [recording, tick, selection, others]);
  return (
    <div className="scan-view">
      <TrafficBars
        scene={scene}
        label={summary(props)}
        status={scene.selected === null ? '' : `${scene.selected}: ${lookOf(scene.selected).title}`}
        onBuffer={(buffer) => onSelect(buffer === null ? null : { kind: 'buffer', buffer })}
      />
    </div>
  );
}

function table(state: ViewState): ViewTable {
  return {
    columns: [
      { id: 'run', title: 'Run' },
      { id: 'memory', title: 'Memory' },
      { id: 'buffer', title: 'Buffer' },
      { id: 'bytes', title: 'Moved', unit: 'B' },
    ],
    rows: sceneOf(state).bars.flatMap(({ run, memory, segments }) =>
      segments.map(({ buffer, bytes }) => [run, memory, buffer, bytes]),
    ),
  };
}

export const trafficView: ViewSpec = {
  id: 'memory',
  title: 'Memory',
  about:
    'Bytes read and written, by tensor: in HBM (storage buffers, bytes the shader asks for, caches not modelled) and in SRAM (workgroup memory). The bars of this run grow as it plays; dashed outlines are whole runs. Fused, a state never leaves the registers; unfused, Ā, B̄u and h each go through HBM.',
  Component: TrafficPicture,
  summary,
  table,
  svg(state, { width, height }, inkOf) {
    const pen = new SvgPen(width, height, inkOf);
    drawTraffic(pen, sceneOf(state));
    return pen.document(summary(state));
  },
};
