// The bar between two panes, after the window-splitter pattern: drag, arrow keys, Home and End, Enter (or double click) to collapse
// and restore. The size lives in the config store, so a link restores it.

import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { useConfig, usePage } from '../../state/page-context.ts';
import type { Panes } from '../../state/stores/experiment.ts';
import { roundPane } from '../../state/stores/experiment.ts';

/** Below this a dragged pane snaps shut, per cent. */
const SNAP = 8;
const KEY_STEP = 2;

export interface SplitterProps {
  pane: keyof Panes;
  label: string;
  /** Which side of the bar the pane is on. */
  side: 'left' | 'right' | 'top' | 'bottom';
  /** Size given back when a collapsed pane is opened again, per cent. */
  normal: number;
  max: number;
}

export function Splitter({ pane, label, side, normal, max }: SplitterProps) {
  const size = useConfig(({ arrangement }) => arrangement.panes[pane]);
  const { config } = usePage();
  const drag = useRef<{ at: number; size: number; extent: number } | null>(null);
  const isColumn = side === 'left' || side === 'right';
  const sign = side === 'left' || side === 'top' ? 1 : -1;

  const resize = (to: number) => {
    const clamped = to < SNAP ? 0 : Math.min(to, max);
    config.getState().resize({ [pane]: roundPane(clamped) });
  };
  const grab = (event: PointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.parentElement!.getBoundingClientRect();
    drag.current = { at: isColumn ? event.clientX : event.clientY, size, extent: isColumn ? box.width : box.height };
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const move = (event: PointerEvent) => {
    if (!drag.current) return;
    const travelled = (isColumn ? event.clientX : event.clientY) - drag.current.at;
    resize(drag.current.size + (sign * travelled * 100) / drag.current.extent);
  };
  const press = (event: KeyboardEvent) => {
    const steps: Record<string, number> = isColumn
      ? { ArrowRight: sign, ArrowLeft: -sign }
      : { ArrowDown: sign, ArrowUp: -sign };
    const step = steps[event.key];
    if (step !== undefined) resize(size === 0 ? SNAP : size + step * KEY_STEP);
    else if (event.key === 'Home') resize(0);
    else if (event.key === 'End') resize(max);
    else if (event.key === 'Enter') resize(size === 0 ? normal : 0);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a focusable separator is the window-splitter pattern; <hr> cannot be operated
    <div
      className={`splitter ${isColumn ? 'column' : 'row'}`}
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={isColumn ? 'vertical' : 'horizontal'}
      aria-valuenow={Math.round(size)}
      aria-valuemin={0}
      aria-valuemax={max}
      onPointerDown={grab}
      onPointerMove={move}
      onPointerUp={() => {
        drag.current = null;
      }}
      onPointerCancel={() => {
        drag.current = null;
      }}
      onDoubleClick={() => resize(size === 0 ? normal : 0)}
      onKeyDown={press}
    />
  );
}
