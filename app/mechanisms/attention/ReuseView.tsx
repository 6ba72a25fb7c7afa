// View (c): how often each element was touched.

import { useMemo } from 'react';
import { elementPlace } from '../../exhibit/place.ts';
import type { ViewProps, ViewSpec, ViewState, ViewTable } from '../../exhibit/view.ts';
import { SvgPen } from '../../pens/svg-pen.ts';
import { HeatmapCanvas } from '../../pictures/heat/HeatmapCanvas.tsx';
import { drawHeatBase, drawHeatLive, type HeatScene } from '../../pictures/heat/heatmap.ts';
import { plural } from '../../words/quantities.ts';
import { HeadPicker } from './HeadPicker.tsx';
import { reuseScene, reuseSummary } from './reuse-scene.ts';
import { pickedRow } from './tiling-scene.ts';
import { usePicked } from './use-picked.ts';

function ReusePicture({ recording, tick, selection, together, following, onSelect }: ViewProps) {
  const picked = usePicked(recording, selection, tick);
  const { batch, head, row } = picked;
  const scene = useMemo(
    () => reuseScene(recording, tick, following ? null : selection, { batch, head, row }, together),
    [recording, tick, selection, following, batch, head, row, together],
  );
  if (scene.panels.length === 0) {
    return <p className="attention-empty">Touches were not recorded in this run, so there is nothing to draw here.</p>;
  }
  return (
    <div className="attention-stack">
      <HeadPicker
        recording={recording}
        picked={picked}
        following={following ?? selection === null}
        beside={following === true && selection !== null}
        onSelect={onSelect}
      />
      <HeatmapCanvas
        scene={scene}
        baseKey={`${recording.id} ${batch} ${head} ${scene.most}`}
        label={reuseSummary(scene)}
        status={elementWords(scene)}
        onElement={(buffer, index) => {
          const tensor = recording.plan.buffers.find(({ name }) => name === buffer);
          if (tensor) onSelect(elementPlace(tensor, index));
        }}
      />
      <p className="attention-readout">{elementWords(scene) || 'Click an element to read its count.'}</p>
    </div>
  );
}

function elementWords({ panels, selected }: HeatScene): string {
  if (!selected) return '';
  const { buffer } = panels[selected.panel]!;
  const verbs = panels.filter((panel) => panel.buffer === buffer);
  const counts = verbs.map(
    ({ counts: of, columns, verb }) => `${verb} ${plural(of[selected.row * columns + selected.column]!, 'time')}`,
  );
  return `${buffer}[${selected.row}, ${selected.column}]: ${counts.join(', ')}`;
}

function table({ recording, tick, selection }: ViewState): ViewTable {
  const { panels } = reuseScene(recording, tick, selection);
  return {
    columns: [
      { id: 'tensor', title: 'Tensor' },
      { id: 'verb', title: 'Access' },
      { id: 'elements', title: 'Elements' },
      { id: 'mean', title: 'Mean times' },
      { id: 'least', title: 'Fewest' },
      { id: 'most', title: 'Most' },
    ],
    rows: panels.map(({ buffer, verb, counts, mean, least, most }) => [
      buffer,
      verb,
      counts.length,
      Number(mean.toFixed(2)),
      least,
      most,
    ]),
  };
}

export const reuseView: ViewSpec = {
  id: 'reuse',
  title: 'Reuse',
  about:
    'One picture per tensor of the picked head, one cell per number (rows are tokens). The lighter a cell, the more often the kernel went to HBM for it during the whole run. An ideal kernel reads everything once; small tiles mean many returns.',
  Component: ReusePicture,
  summary: ({ recording, tick, selection }) => reuseSummary(reuseScene(recording, tick, selection)),
  table,
  svg({ recording, tick, selection, together, following }, { width, height }, inkOf) {
    const picked = pickedRow(recording, selection, tick);
    const scene = reuseScene(recording, tick, following ? null : selection, picked, together);
    const pen = new SvgPen(width, height, inkOf);
    drawHeatBase(pen, scene);
    drawHeatLive(pen, scene);
    return pen.document(reuseSummary(scene));
  },
};
