// A small still of a view, half-way through a shipped recording; loaded and drawn when it comes into sight.

import { useEffect, useRef, useState } from 'react';
import type { Recording } from '../exhibit/recording.ts';
import type { AnyView } from '../exhibit/view.ts';
import { loadWholeView } from '../exhibit/whole-view.ts';
import { inksAt } from '../pens/theme-inks.ts';
import { loadShipped, type ShippedEntry } from '../state/recordings/shipped-recordings.ts';
import { useSeen } from './use-seen.ts';

const SIZE = { width: 480, height: 320 };
const SHARE = 0.5;

const loaded = new Map<string, Promise<Recording>>();

/** One that cannot be had is asked for again by the next picture of it. */
function recordingOf(entry: ShippedEntry): Promise<Recording> {
  const known = loaded.get(entry.file) ?? loadShipped(entry);
  loaded.set(entry.file, known);
  known.catch(() => loaded.delete(entry.file));
  return known;
}

interface ThumbnailProps {
  /** Absent until it is loaded. */
  view: AnyView | undefined;
  /** Absent where no recording of it is shipped. */
  entry: ShippedEntry | undefined;
}

export function Thumbnail({ view, entry }: ThumbnailProps) {
  const box = useRef<HTMLSpanElement>(null);
  const seen = useSeen(box);
  const [picture, setPicture] = useState<string | 'missing' | null>(null);
  useEffect(() => {
    const element = box.current;
    if (!seen || !element || !entry || !view) return;
    let alive = true;
    const draw = async () => {
      const [recording, whole] = await Promise.all([recordingOf(entry), loadWholeView(view)]);
      if (!alive || !whole.svg) return;
      const tick = Math.floor(recording.trace.steps.length * SHARE);
      const svg = await whole.svg({ recording, tick, selection: null, others: [] }, SIZE, inksAt(element));
      if (alive) setPicture(`data:image/svg+xml,${encodeURIComponent(svg)}`);
    };
    draw().catch(() => alive && setPicture('missing'));
    return () => {
      alive = false;
    };
  }, [seen, view, entry]);
  const words = !entry ? 'runs when opened' : picture === 'missing' ? 'not to be had without the network' : 'drawing …';
  return (
    <span ref={box} className="thumbnail">
      {picture === null || picture === 'missing' ? (
        <span className="quiet small">{words}</span>
      ) : (
        <img src={picture} alt="" />
      )}
    </span>
  );
}
