// One canvas as a layer: it follows its host's size and the device's pixels, and is painted by a drawing function.

import { useLayoutEffect, useState } from 'react';
import { CanvasPen, forgetState } from './canvas-pen.ts';
import type { InkOf, Pen } from './pen.ts';

export type Draw = (pen: Pen) => void;

export interface Size {
  width: number;
  height: number;
}

/** CSS pixels of `host`, kept up to date. */
export function useSize(host: HTMLElement | null): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    if (!host) return;
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = host;
      setSize((old) => (old.width === width && old.height === height ? old : { width, height }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(host);
    return () => observer.disconnect();
  }, [host]);
  return size;
}

/** Clears the canvas, sized to `size` in device pixels, and draws. */
export function paint(canvas: HTMLCanvasElement | null, { width, height }: Size, inkOf: InkOf, draw: Draw): void {
  const context = canvas?.getContext('2d');
  if (!canvas || !context || width === 0 || height === 0) return;
  const scale = devicePixelRatio;
  const [columns, rows] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== columns || canvas.height !== rows) {
    canvas.width = columns;
    canvas.height = rows;
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
