// The timeline as a picture: click or drag to move the playhead, arrows to walk, + and − to zoom about it.

import { useCallback, useState } from 'react';
import type { FaceProps } from '../../exhibit/picture.ts';
import { PenCanvas } from '../../pens/PenCanvas.tsx';
import type { Pen } from '../../pens/pen.ts';
import {
  drawTimelineBase,
  drawTimelineLive,
  hitTimeline,
  laneAt,
  layoutTimeline,
  type PlacedTimeline,
  stepLegend,
  type TimelineWindow,
} from './timeline-lanes.ts';
import './TimelineFace.css';

const FEWEST_STEPS = 16;
const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1 };
const LANES: Record<string, number> = { ArrowUp: -1, ArrowDown: 1 };
const ZOOMS: Record<string, number> = { '+': 2, '-': 0.5 };

export function TimelineFace({ scene, state, label, status, onTick, onPlace }: FaceProps<PlacedTimeline>) {
  const [zoom, setZoom] = useState(1);
  const window = windowAround(scene.steps, scene.tick, zoom);
  const { from, to } = window;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key names everything the base layer draws from `scene`
  const base = useCallback((pen: Pen) => drawTimelineBase(pen, scene, { from, to }), [scene.key, from, to]);
  const live = useCallback((pen: Pen) => drawTimelineLive(pen, scene, { from, to }), [scene, from, to]);
  const closest = Math.max(1, scene.steps / FEWEST_STEPS);
  const lane = scene.selectedLane < 0 ? scene.currentLane : scene.selectedLane;
  const zoomBy = (factor: number) => setZoom((old) => Math.min(Math.max(old * factor, 1), closest));
  return (
    <div className="timeline">
      <PenCanvas
        kind="timeline"
        base={base}
        live={live}
        label={label}
        status={status}
        onPress={({ x, y, width, height }) => {
          const { step, lane } = hitTimeline(scene, layoutTimeline(scene, width, height), window, x, y);
          onTick(step + 1);
          if (lane >= 0) onPlace(laneAt(scene, lane));
        }}
        onPoint={(at) => {
          if (!at?.pressed) return;
          onTick(hitTimeline(scene, layoutTimeline(scene, at.width, at.height), window, at.x, at.y).step + 1);
        }}
        onKey={(key) => {
          const step = STEPS[key];
          const lanes = LANES[key];
          const factor = ZOOMS[key];
          if (step) onTick(Math.min(Math.max(scene.tick + step, 0), scene.steps));
          else if (lanes) onPlace(laneAt(scene, lane + lanes));
          else if (factor) zoomBy(factor);
          return Boolean(step || lanes || factor);
        }}
      />
      <div className="timeline__foot">
        <ul className="timeline__legend">
          {stepLegend(scene, state.names.steps).map(({ id, letter, ink, words }) => (
            <li key={id}>
              <span className="timeline__swatch" style={{ background: `var(${ink})` }} aria-hidden="true">
                {letter}
              </span>
              {words}
            </li>
          ))}
        </ul>
        <span className="timeline__zoom">
          <button type="button" onClick={() => zoomBy(0.5)} disabled={zoom <= 1} aria-label="Zoom out">
            −
          </button>
          <span className="numeric">{zoom > 1 ? `${from + 1} – ${to}` : 'whole run'}</span>
          <button type="button" onClick={() => zoomBy(2)} disabled={zoom >= closest} aria-label="Zoom in">
            +
          </button>
        </span>
      </div>
    </div>
  );
}

/** A page of the zoomed run that holds the tick; pages turn instead of scrolling, so the base layer is redrawn seldom. */
export function windowAround(steps: number, tick: number, zoom: number): TimelineWindow {
  const span = Math.max(Math.ceil(steps / zoom), 1);
  const page = Math.floor(Math.max(tick - 1, 0) / span);
  return { from: page * span, to: Math.min((page + 1) * span, Math.max(steps, 1)) };
}
