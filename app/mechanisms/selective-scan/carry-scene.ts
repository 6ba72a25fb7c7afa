// (recording, tick) → what crosses the chunk borders: the state every chunk ends with by itself, the state carried out of it, and
// the state the next one really starts from.

import { type Held, held } from '#gpu/trace/held.ts';
import type { Place } from '../../exhibit/place.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { mostOf, sizesOf, upTo } from '../../pictures/strips/channel-record.ts';
import { pickedChannel } from '../../pictures/strips/picked-channel.ts';
import type { TimeStripsScene } from '../../pictures/strips/time-strips.ts';
import { tensorLooks } from './tensors.ts';

export interface CarryScene extends TimeStripsScene {
  /** Chunks of this channel that started from another state than the one before left; recorded, up to the tick. */
  broken: number[];
}

/** Chunks of the recording; 0 where the variant has none. */
export function chunksOf({ variant, config }: Recording): number {
  if (variant !== 'chunked') return 0;
  const seqlen = Number(config.seqlen);
  return Math.ceil(seqlen / Math.min(Number(config.chunk), seqlen));
}

/** Borders that the state has crossed by `tick`: carried out of the chunk before, and taken by the one that starts. */
function linksOf(
  passed: Held,
  taken: Held,
  { chunks, dstate, tick }: { chunks: number; dstate: number; tick: number },
  broken: readonly number[],
) {
  const there = ({ step }: Held, chunk: number) =>
    Array.from({ length: dstate }, (_, n) => step[n * chunks + chunk]!).every((at) => at < tick);
  return Array.from({ length: Math.max(chunks - 1, 0) }, (_, from) => from)
    .filter((from) => there(passed, from) && there(taken, from + 1))
    .map((from) => ({ strip: 1, from, to: from + 1, broken: broken.includes(from + 1) }));
}

export function carryScene(recording: Recording, tick: number, selection: Place | null): CarryScene {
  const { batch, channel, time } = pickedChannel(recording, selection, tick);
  const { dstate } = sizesOf(recording);
  const chunks = chunksOf(recording);
  // Without chunks the picture is one clear column.
  const columns = Math.max(chunks, 1);
  const [local, passed, taken] = ['local', 'passed', 'taken'].map((value) =>
    held(recording.trace, value, { state: dstate, chunk: columns }, { batch, channel }),
  ) as [Held, Held, Held];
  const most = Math.max(mostOf(local.values), mostOf(passed.values), mostOf(taken.values));
  const ink = tensorLooks.states!.colour;
  const strip = (id: string, letter: string, title: string, { values, step }: Held) => ({
    ...{ id, letter, ink, title, note: 'recorded', rows: dstate, values: upTo(values, step, tick), most, signed: true },
  });
  const broken: number[] = [];
  for (let chunk = 0; chunk < chunks; chunk++) {
    for (let n = 0; n < dstate; n++) {
      const start = taken.values[n * chunks + chunk]!;
      const before = chunk === 0 ? 0 : passed.values[n * chunks + chunk - 1]!;
      if (taken.step[n * chunks + chunk]! >= tick || Number.isNaN(before) || start === before) continue;
      broken.push(chunk);
      break;
    }
  }
  const chunk = time === null ? null : Math.floor(time / Number(recording.config.chunk));
  return {
    columns,
    strips: [
      strip('local', 'S', 'chunk alone', local),
      strip('passed', 'h', 'carried out', passed),
      strip('taken', 'h', 'started from', taken),
    ],
    current: null,
    selected: chunk === null ? null : { strip: 1, row: 0, column: Math.min(chunk, Math.max(chunks - 1, 0)) },
    borders: Array.from({ length: Math.max(chunks - 1, 0) }, (_, i) => i + 1),
    unit: 'chunk',
    broken,
    links: linksOf(passed, taken, { chunks, dstate, tick }, broken),
  };
}
