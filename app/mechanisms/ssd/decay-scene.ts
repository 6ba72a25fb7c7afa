// (recording, tick) → the log decays of one head of the first sequence: as given, as a running sum inside every chunk, and what is
// lost when the decay over one step is taken from such sums.

import { probeTable } from '#gpu/trace/probe-table.ts';
import { coordinateOf, type Place } from '../../exhibit/place.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { mostOf, NEVER, upTo } from '../../pictures/strips/channel-record.ts';
import type { Strip, TimeStripsScene } from '../../pictures/strips/time-strips.ts';
import { chunksOf, pickedHead } from './scene.ts';
import { tensorLooks } from './tensors.ts';

interface Held {
  values: Float32Array;
  step: Uint32Array;
}

/** A probe of one head of the first sequence over time. */
function overTime(recording: Recording, value: 'sum' | 'segment', time: 't' | 'own', head: number): Held {
  const seqlen = Number(recording.config.seqlen);
  const held = { values: new Float32Array(seqlen).fill(Number.NaN), step: new Uint32Array(seqlen).fill(NEVER) };
  const owner = new Uint32Array(seqlen).fill(NEVER);
  const table = probeTable(recording.trace, [value, time, 'head']);
  for (let i = 0; i < table.rows; i++) {
    const [found, at, own] = table.values.map((list) => list[i]!) as [number, number, number];
    // Sequences follow each other in the grid; the lowest workgroup is the first sequence's.
    const workgroup = recording.trace.steps[table.step[i]!]!.workgroup;
    if (own !== head || workgroup >= owner[at]!) continue;
    owner[at] = workgroup;
    held.values[at] = found;
    held.step[at] = table.step[i]!;
  }
  return held;
}

export interface DecayFacts {
  /** Largest magnitude that a running sum reaches. */
  reached: number;
  /** Distance from there to the next f32. */
  spacing: number;
  /** Largest error of the log decay over one step, against the given one; null where decays are not given (combined form). */
  lost: number | null;
}

interface Decays {
  sums: Held;
  given: Float32Array | null;
  lost: Held | null;
  facts: DecayFacts;
}

const known = new WeakMap<Recording, Map<number, Decays>>();

/** Distance between a float32 of this magnitude and the next. */
const spacingAt = (size: number) => (size > 0 ? 2 ** (Math.floor(Math.log2(size)) - 23) : 0);

function decaysOf(recording: Recording, head: number): Decays {
  const ofHeads = known.get(recording) ?? new Map<number, Decays>();
  known.set(recording, ofHeads);
  const before = ofHeads.get(head);
  if (before) return before;
  const { heads, form } = recording.config as { heads: number; form: string };
  const sums = overTime(recording, 'sum', 't', head);
  const given = form === 'minimal' ? sums.values.map((_, t) => recording.inputs.A!.data[t * heads + head]!) : null;
  const lost = given && lostOf(recording, sums, given, head);
  const reached = mostOf(sums.values);
  const made = {
    ...{ sums, given, lost },
    facts: { reached, spacing: spacingAt(reached), lost: lost && mostOf(lost.values) },
  };
  ofHeads.set(head, made);
  return made;
}

/** |log decay over the step before t, as the kernel takes it, − the given one|. The first step of a chunk has none before it. */
function lostOf(recording: Recording, sums: Held, given: Float32Array, head: number): Held {
  const { chunk } = chunksOf(recording);
  const taken = overTime(recording, 'segment', 'own', head);
  const isFirst = (t: number) => t % chunk === 0;
  const values = taken.values.map((value, t) => (isFirst(t) ? 0 : Math.abs(value - given[t]!)));
  return { values, step: taken.step.map((step, t) => (isFirst(t) ? sums.step[t]! : step)) };
}

export function decayFacts(recording: Recording, head: number): DecayFacts {
  return decaysOf(recording, head).facts;
}

export function decayScene(recording: Recording, tick: number, selection: Place | null): TimeStripsScene {
  const { sums, given, lost } = decaysOf(recording, pickedHead(recording, selection));
  const { chunk, chunks } = chunksOf(recording);
  const time = coordinateOf(selection, 'time');
  const strip = (id: string, title: string, note: string, { values, step }: Held, signed: boolean): Strip => ({
    ...{ id, letter: tensorLooks[id]!.letter, ink: tensorLooks[id]!.colour, title, note, rows: 1, signed },
    ...{ values: upTo(values, step, tick), most: mostOf(values) },
  });
  const always = new Uint32Array(sums.step.length);
  const taken = recording.config.decaySum === 'direct' ? 'of direct sums' : 'of differences';
  return {
    columns: Number(recording.config.seqlen),
    strips: [
      ...(given ? [{ ...strip('A', 'log decay', 'given', { values: given, step: always }, true), values: given }] : []),
      strip('cs', 'its sum', 'recorded', sums, true),
      ...(lost ? [strip('lost', 'step error', taken, lost, false)] : []),
    ],
    current: null,
    selected: time === null ? null : { strip: 0, row: 0, column: time },
    borders: Array.from({ length: chunks - 1 }, (_, i) => (i + 1) * chunk),
  };
}
