// One canvas as a layer: it follows its host's size and the device's pixels, and is painted by a drawing function.

import { useContext, useLayoutEffect, useState } from 'react';
import { CanvasPen, forgetPatterns, forgetState } from './canvas-pen.ts';
import type { InkOf, Pen } from './pen.ts';
import { SideBySide, type Size } from './side-by-side.ts';

export type Draw = (pen: Pen) => void;

/**
 * Size of `host` in the units of its zoom, kept up to date; side by side with another picture of its kind, that of the smaller one.
 */
export function useSize(host: HTMLElement | null, kind: string): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0, zoom: 1 });
  const group = useContext(SideBySide);
  useLayoutEffect(() => {
    if (!host) return;
    const measure = () => {
      const zoom = Number(getComputedStyle(host).getPropertyValue('--picture-zoom')) || 1;
      const own = { width: host.clientWidth / zoom, height: host.clientHeight / zoom, zoom };
      if (group) group.put(host, kind, own, show);
      else show(own);
    };
    const show = (next: Size) =>
      setSize((old) => (old.width === next.width && old.height === next.height && old.zoom === next.zoom ? old : next));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(host);
    return () => {
      observer.disconnect();
      group?.drop(host);
    };
  }, [host, group, kind]);
  return size;
}

/**
 * Counts how often a canvas inside `host` got an empty surface back from the browser, as all do when the GPU process has died. What it
 * showed is gone, so whoever paints there must paint again.
 */
export function useRestored(host: HTMLElement | null): number {
  const [times, setTimes] = useState(0);
  useLayoutEffect(() => {
    if (!host) return;
    const restored = ({ target }: Event) => {
      const context = target instanceof HTMLCanvasElement ? target.getContext('2d') : null;
      if (context) forgetState(context);
      forgetPatterns();
      setTimes((before) => before + 1);
    };
    // The event does not bubble.
    host.addEventListener('contextrestored', restored, { capture: true });
    return () => host.removeEventListener('contextrestored', restored, { capture: true });
  }, [host]);
  return times;
}

/** Clears the canvas, sized to `size` in device pixels, and draws. */
export function paint(canvas: HTMLCanvasElement | null, { width, height, zoom }: Size, inkOf: InkOf, draw: Draw): void {
  const context = canvas?.getContext('2d');
  if (!canvas || !context || width === 0 || height === 0) return;
  const scale = devicePixelRatio * zoom;
  const [columns, rows] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== columns || canvas.height !== rows) {
    canvas.width = columns;
    canvas.height = rows;
    canvas.style.width = `${width * zoom}px`;
    canvas.style.height = `${height * zoom}px`;
    forgetState(context);
  } else {
    context.resetTransform();
    context.clearRect(0, 0, columns, rows);
  }
  context.setTransform(scale, 0, 0, scale, 0, 0);
  draw(new CanvasPen(context, width, height, inkOf, FONTS));
}

/** The families the page ships; a canvas cannot use `var(--font)`. */
const FONTS = {
  sans: "'Inter Variable', system-ui, sans-serif",
  mono: "'JetBrains Mono Variable', ui-monospace, monospace",
};
