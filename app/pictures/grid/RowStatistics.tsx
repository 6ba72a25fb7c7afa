// The picked row's statistics as numbers and a small plot over its tiles.

import { useCallback } from 'react';
import { clampIndex } from '../../exhibit/place.ts';
import { PenCanvas } from '../../pens/PenCanvas.tsx';
import type { Pen } from '../../pens/pen.ts';
import { plural, valueText } from '../../words/quantities.ts';
import { drawRowStatistics, type RowStatisticsScene } from './row-statistics.ts';
import './RowStatistics.css';

export interface RowStatisticsProps {
  scene: RowStatisticsScene;
  /** A fold was chosen: move the cursor to it. */
  onFold(index: number): void;
}

export function RowStatistics({ scene, onFold }: RowStatisticsProps) {
  const live = useCallback((pen: Pen) => drawRowStatistics(pen, scene), [scene]);
  const last = scene.folds[scene.done - 1];
  const name = scene.token === undefined ? `Row ${scene.row}` : `Row ${scene.row}, “${scene.token}”`;
  const spoken = last
    ? `${name} after ${plural(scene.done, 'tile')}: m ${valueText(last.m)}, l ${valueText(last.l)}${
        Number.isNaN(last.rescale) ? '' : `, rescale ${valueText(last.rescale)}`
      }`
    : `${name}: ${(scene.folds.length === 0 && scene.unrecorded) || 'no tile folded in yet'}`;
  return (
    <figure className="row-statistics">
      <figcaption>
        <strong>{name}</strong>{' '}
        <span className="quiet">
          {scene.folds.length === 0
            ? (scene.unrecorded ?? 'no fold was recorded')
            : `tile ${scene.done} of ${scene.folds.length}`}
        </span>
      </figcaption>
      <PenCanvas
        kind="plot of running statistics"
        live={live}
        label={spoken}
        onKey={(key) => {
          const by = { ArrowLeft: -1, ArrowRight: 1 }[key];
          if (by === undefined || scene.folds.length === 0) return false;
          onFold(clampIndex(scene.done - 1 + by, scene.folds.length));
          return true;
        }}
      />
    </figure>
  );
}
