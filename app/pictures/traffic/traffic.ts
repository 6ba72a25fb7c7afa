// The picture "bytes moved, by tensor": this run up to the tick, beside the other variants' whole runs.

import { buffersOf, bytesAt, bytesInAll, indexOfTrace } from '#gpu/trace/recording-index.ts';
import type { Names } from '../../exhibit/names.ts';
import type { Picture, PictureState } from '../../exhibit/picture.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { along, IN_ORDER } from '../../exhibit/walk-keys.ts';
import { bytesText } from '../../words/quantities.ts';
import { drawTraffic, hitTraffic, type TrafficBar, type TrafficScene, type TrafficSegment } from './traffic-bars.ts';

export interface TrafficSpec {
  /** What there is to see in it, after what it shows. */
  about: string;
}

const SHOWS =
  'Bytes read and written, by tensor: in HBM (storage buffers, bytes the shader asks for, caches not modelled) and in SRAM (workgroup memory). The bars of this run grow as it plays; dashed outlines are whole runs.';

/** @param tick null for the whole run */
function barsOf(run: Recording, tick: number | null, { lookOf, variants }: Names): TrafficBar[] {
  const { trace, variant } = run;
  const index = indexOfTrace(trace);
  return (['storage', 'workgroup'] as const).map((space) => {
    let inAll = 0;
    const signs: TrafficBar['signs'] = [];
    const segments: TrafficSegment[] = [];
    for (const buffer of buffersOf(trace, space)) {
      const { name } = trace.buffers[buffer]!;
      const all = bytesInAll(trace, buffer);
      const now = tick === null ? all : bytesAt(index, buffer, tick);
      inAll += all.read + all.written;
      const { letter, colour, pattern, title } = lookOf(name);
      const sign = { buffer: name, letter, title, ink: colour, pattern: pattern === 'solid' ? null : pattern };
      const bytes = now.read + now.written;
      if (all.read + all.written > 0) signs.push(sign);
      if (bytes > 0) segments.push({ ...sign, bytes });
    }
    const memory = space === 'storage' ? ('HBM' as const) : ('SRAM' as const);
    return { run: variants[variant] ?? variant, memory, segments, signs, inAll, current: tick !== null };
  });
}

function sceneOf({ run, tick, place, others, names, together = [run] }: PictureState): TrafficScene {
  // Side by side a run stands on the same rows in each picture.
  const runs = [...together, ...others.filter((other) => !together.includes(other))];
  return {
    bars: runs.flatMap((each) => barsOf(each, each === run ? tick : null, names)),
    selected: place?.kind === 'buffer' ? place.buffer : null,
  };
}

function wordsOf({ bars }: TrafficScene): string {
  const moved = (memory: 'HBM' | 'SRAM') =>
    bars
      .filter((bar) => bar.current && bar.memory === memory)
      .flatMap(({ segments }) => segments)
      .reduce((sum, { bytes }) => sum + bytes, 0);
  const others = bars
    .filter((bar) => !bar.current && bar.memory === 'HBM')
    .map(({ run, inAll }) => `${run} ${bytesText(inAll)}`);
  const beside = others.length > 0 ? ` Beside it, in all: ${others.join(', ')}.` : '';
  return `So far ${bytesText(moved('HBM'))} moved between HBM and the kernels, ${bytesText(moved('SRAM'))} in SRAM.${beside}`;
}

/** Buffers with something to point at, in the order of the bars. */
const buffersIn = ({ bars }: TrafficScene) => [
  ...new Set(bars.flatMap(({ segments }) => segments.map(({ buffer }) => buffer))),
];

export function traffic({ about }: TrafficSpec): Picture<TrafficScene> {
  return {
    id: 'memory',
    title: 'Memory',
    about: `${SHOWS} ${about}`,
    kind: 'bars of moved bytes',
    scene: sceneOf,
    draw: drawTraffic,
    hit(scene, { width, height }, { x, y }) {
      const buffer = hitTraffic(scene, width, height, x, y);
      return buffer === null ? null : { kind: 'buffer', buffer };
    },
    walk(scene, _place, key) {
      const buffers = buffersIn(scene);
      const from = scene.selected === null ? null : buffers.indexOf(scene.selected);
      const at = along(IN_ORDER[key], from, buffers.length);
      return at === null ? null : { kind: 'buffer', buffer: buffers[at]! };
    },
    words: wordsOf,
    status({ bars, selected }, { names }) {
      if (selected === null) return '';
      const own = bars.filter(({ current }) => current).flatMap(({ segments }) => segments);
      const moved = own.filter(({ buffer }) => buffer === selected).reduce((sum, { bytes }) => sum + bytes, 0);
      return `${selected} (${names.lookOf(selected).title}): ${bytesText(moved)} moved so far`;
    },
    table: ({ bars }) => ({
      columns: [
        { id: 'run', title: 'Run' },
        { id: 'memory', title: 'Memory' },
        { id: 'buffer', title: 'Buffer' },
        { id: 'bytes', title: 'Moved', unit: 'B' },
      ],
      rows: bars.flatMap(({ run, memory, segments }) =>
        segments.map(({ buffer, bytes }) => [run, memory, buffer, bytes]),
      ),
    }),
    legend: ({ bars }) => {
      // Buffers of one letter and one title are one thing to people: a tensor and its staged part are not.
      const all = new Map(
        bars.flatMap(({ signs }) => signs.map((each) => [`${each.letter} ${each.title}`, each] as const)),
      );
      return [...all].map(([id, { letter, ink, pattern, title }]) => ({
        id,
        letter,
        ink,
        words: title,
        ...(pattern && { pattern: { kind: pattern, ink: '--surface' as const } }),
      }));
    },
  };
}
