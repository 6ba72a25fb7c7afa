// The picture "values against one axis", both by powers: a line per series, several panels over the same places of the axis.

import type { Picture, PictureState } from '../../exhibit/picture.ts';
import { clampIndex, type Place } from '../../exhibit/place.ts';
import { drawPlot, hitPlot, type PlotScene } from './line-plot.ts';

export interface PlotSpec
  extends Pick<Picture, 'id' | 'title' | 'about' | 'study' | 'studyWords'>,
    Pick<Picture<PlotScene | null>, 'foot' | 'table'> {
  /** Axis from left to right, on which places stand. */
  along: string;
  /** Null while nothing of it is known. */
  scene(state: PictureState): PlotScene | null;
  words(state: PictureState): string;
  /** Said in place of the picture while nothing of it is known. */
  unknown: string;
}

export function plot({ along, scene, words, unknown, ...spec }: PlotSpec): Picture<PlotScene | null> {
  const placeOf = ({ places }: PlotScene, i: number): Place => ({
    kind: 'at',
    at: { [along]: places[clampIndex(i, places.length)]! },
  });
  return {
    ...spec,
    kind: 'lines over an axis',
    timeless: true,
    tall: true,
    scene,
    draw(pen, drawn) {
      if (drawn) drawPlot(pen, drawn);
      else pen.text(pen.width / 2, pen.height / 2, unknown, '--ink-2', { size: 20, align: 'center' });
    },
    hit(drawn, { width, height }, { x, y }) {
      const at = drawn && hitPlot(drawn, width, height, x, y);
      return drawn && at !== null ? placeOf(drawn, at) : null;
    },
    walk(drawn, _place, key) {
      if (!drawn) return null;
      const { selected, places } = drawn;
      const to = { ArrowLeft: selected - 1, ArrowRight: selected + 1, Home: 0, End: places.length - 1 }[key];
      return to === undefined ? null : placeOf(drawn, to);
    },
    words: (_drawn, state) => words(state),
    status: (drawn, state) => (drawn ? words(state) : ''),
  };
}
