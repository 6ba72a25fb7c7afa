// A small still of a view, half-way through a shipped recording; loaded and drawn when it comes into sight.

import { useEffect, useRef, useState } from 'react';
import type { Recording } from '../exhibit/recording.ts';
import type { AnyView } from '../exhibit/view.ts';
import { loadWholeView } from '../exhibit/whole-view.ts';
import { inksAt } from '../pens/theme-inks.ts';
import { loadShipped, type ShippedEntry } from '../state/recordings/shipped-recordings.ts';

const SIZE = { width: 480, height: 320 };
const SHARE = 0.5;

const loaded = new Map<string, Promise<Recording>>();

function recordingOf(entry: ShippedEntry): Promise<Recording> {
  const known = loaded.get(entry.file) ?? loadShipped(entry);
  loaded.set(entry.file, known);
  return known;
}

export function Thumbnail({ view, entry }: { view: AnyView; entry: ShippedEntry | undefined }) {
  const box = useRef<HTMLSpanElement>(null);
  const [picture, setPicture] = useState<string | null>(null);
  useEffect(() => {
    const element = box.current;
    if (!element || !entry) return;
    let alive = true;
    const observer = new IntersectionObserver(async ([seen]) => {
      if (!seen?.isIntersecting) return;
      observer.disconnect();
      const [recording, whole] = await Promise.all([recordingOf(entry), loadWholeView(view)]).catch(() => []);
      if (!alive || !recording || !whole?.svg) return;
      const tick = Math.floor(recording.trace.steps.length * SHARE);
      const svg = await whole.svg({ recording, tick, selection: null, others: [] }, SIZE, inksAt(element));
      if (alive) setPicture(`data:image/svg+xml,${encodeURIComponent(svg)}`);
    });
    observer.observe(element);
    return () => {
      alive = false;
      observer.disconnect();
    };
  }, [view, entry]);
  return (
    <span ref={box} className="thumbnail">
      {picture ? (
        <img src={picture} alt="" />
      ) : (
        <span className="quiet small">{entry ? 'drawing …' : 'runs when opened'}</span>
      )}
    </span>
  );
}
