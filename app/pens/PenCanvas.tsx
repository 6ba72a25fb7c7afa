// A picture on canvas in two layers: `base` is redrawn when its function changes, `live` at every tick. It measures itself, follows
// device pixels and theme, and gives the picture a name, keyboard focus and a spoken status.

import { type KeyboardEvent, type PointerEvent, type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import { type Draw, paint, useRestored, useSize } from './canvas-layer.ts';
import { useInks } from './theme-inks.ts';
import './PenCanvas.css';

export interface PenCanvasProps {
  base?: Draw;
  live: Draw;
  /** Accessible name: what the picture shows now, in words. */
  label: string;
  /** Said by a screen reader instead of "application": 'score grid', 'timeline' … */
  kind: string;
  /** What the selection is, spoken when it changes. */
  status?: string;
  /** Pointer position and the picture's size, in the units the pen draws in; null when the pointer has left. */
  onPoint?(at: { x: number; y: number; width: number; height: number; pressed: boolean } | null): void;
  onPress?(at: { x: number; y: number; width: number; height: number }): void;
  /** Handles a key; true when it was used, so that the page's own keys do not see it. */
  onKey?(key: string, event: KeyboardEvent): boolean;
  className?: string;
  /** Layers above the picture that take no pointer. */
  children?: ReactNode;
}

export function PenCanvas({
  base,
  live,
  label,
  kind,
  status,
  onPoint,
  onPress,
  onKey,
  className,
  children,
}: PenCanvasProps) {
  const [host, setHost] = useState<HTMLDivElement | null>(null);
  const baseCanvas = useRef<HTMLCanvasElement>(null);
  const liveCanvas = useRef<HTMLCanvasElement>(null);
  const inkOf = useInks(host);
  const size = useSize(host, kind);
  const restored = useRestored(host);

  // biome-ignore lint/correctness/useExhaustiveDependencies: an emptied canvas is painted again
  useLayoutEffect(() => {
    if (inkOf && base) paint(baseCanvas.current, size, inkOf, base);
  }, [inkOf, size, base, restored]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above
  useLayoutEffect(() => {
    if (inkOf) paint(liveCanvas.current, size, inkOf, live);
  }, [inkOf, size, live, restored]);

  const place = (event: PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    return {
      x: (event.clientX - box.left) / size.zoom,
      y: (event.clientY - box.top) / size.zoom,
      width: size.width,
      height: size.height,
    };
  };
  return (
    <div className={`pen-canvas ${className ?? ''}`}>
      <div
        ref={setHost}
        className="pen-canvas__host"
        role="application"
        aria-roledescription={kind}
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys walk the picture
        tabIndex={0}
        onPointerMove={onPoint && ((event) => onPoint({ ...place(event), pressed: event.buttons === 1 }))}
        onPointerLeave={onPoint && (() => onPoint(null))}
        onPointerDown={
          onPress &&
          ((event) => {
            if (event.button === 0) onPress(place(event));
          })
        }
        onKeyDown={(event) => {
          if (event.ctrlKey || event.metaKey || event.altKey || !onKey?.(event.key, event)) return;
          event.preventDefault();
          event.stopPropagation();
        }}
      >
        {base && <canvas ref={baseCanvas} />}
        <canvas ref={liveCanvas} />
        {children}
      </div>
      <span role="status" className="visually-hidden">
        {status ?? ''}
      </span>
    </div>
  );
}
