// What crosses the chunk borders of one channel: the state every chunk ends with by itself, the state carried out of it, and the state that
// the next one really starts from.

import { type Held, held, NEVER, type Where } from '#gpu/trace/held.ts';
import { CHANNEL_PICKS } from '../../../exhibit/picked-axes.ts';
import type { Recording } from '../../../exhibit/recording.ts';
import { unrecordedText } from '../../../exhibit/unrecorded.ts';
import { strips } from '../../../pictures/strips/strips.ts';
import { plural } from '../../../words/quantities.ts';
import { chunksOf, followedChannel, settingsOf } from '../scan-run.ts';

const read = (run: Recording, value: string, at: Where) =>
  held(run.trace, value, { state: settingsOf(run).dstate, chunk: chunksOf(run) }, at);

interface Ends {
  /** The state carried out of every chunk, and the one that it started from; chunks run innermost. */
  passed: Held;
  taken: Held;
}

/** Whether what a chunk started from is not what the one before left; the first must start from 0. */
function isBroken({ passed, taken }: Ends, i: number, chunk: number): boolean {
  const before = chunk === 0 ? 0 : passed.values[i - 1]!;
  return !Number.isNaN(before) && taken.values[i] !== before;
}

/** Chunks of a channel that by `tick` had started from another state than the one before left. */
export function brokenChunks(run: Recording, tick: number, at: Where): number[] {
  const chunks = chunksOf(run);
  const ends = { passed: read(run, 'passed', at), taken: read(run, 'taken', at) };
  return Array.from({ length: chunks }, (_, chunk) => chunk).filter((chunk) =>
    Array.from({ length: settingsOf(run).dstate }, (_, n) => n * chunks + chunk).some(
      (i) => ends.taken.step[i]! < tick && isBroken(ends, i, chunk),
    ),
  );
}

export interface Crossings {
  /** The first chunk, of all channels of all sequences, that started from another state than the one before left. */
  broken: { batch: number; channel: number; chunk: number } | null;
  /** Whether both sides of every border were recorded. */
  whole: boolean;
}

/** What happened at all chunk borders of the run. */
export function crossingsOf(run: Recording): Crossings {
  const { batch, dim, dstate } = settingsOf(run);
  const chunks = chunksOf(run);
  const extents = { batch, channel: dim, state: dstate, chunk: chunks };
  const ends = { passed: held(run.trace, 'passed', extents), taken: held(run.trace, 'taken', extents) };
  let whole = true;
  for (let i = 0; i < ends.taken.step.length; i++) {
    const chunk = i % chunks;
    const isThere = ends.taken.step[i] !== NEVER && (chunk === 0 || ends.passed.step[i - 1] !== NEVER);
    if (!isThere) whole = false;
    else if (isBroken(ends, i, chunk)) {
      const channel = Math.floor(i / chunks / dstate);
      return { broken: { batch: Math.floor(channel / dim), channel: channel % dim, chunk }, whole };
    }
  }
  return { broken: null, whole };
}

/** Borders that the state has crossed by `tick`: carried out of the chunk before, and taken by the one that starts. */
function linksOf(run: Recording, tick: number, at: Where) {
  const chunks = chunksOf(run);
  const [passed, taken] = [read(run, 'passed', at), read(run, 'taken', at)];
  const broken = brokenChunks(run, tick, at);
  const isThere = (step: Uint32Array, chunk: number) =>
    Array.from({ length: settingsOf(run).dstate }, (_, n) => step[n * chunks + chunk]!).every((own) => own < tick);
  return Array.from({ length: Math.max(chunks - 1, 0) }, (_, from) => from)
    .filter((from) => isThere(passed.step, from) && isThere(taken.step, from + 1))
    .map((from) => ({ strip: 1, from, to: from + 1, broken: broken.includes(from + 1) }));
}

const state = { look: 'states', rows: ['state'] };

export const carry = strips({
  id: 'carry',
  title: 'Carry',
  about:
    'What crosses the borders of the chunks, for one channel. First the state that every chunk ends with when it starts from zero; then the state carried out of it; last the state that the chunk really started from. Each column of the last row must equal the column before it of the middle row.',
  nothing: (run) =>
    chunksOf(run) === 0 ? 'Only the chunked variant has chunks: choose it to see the state cross their borders.' : null,
  instead: [{ label: 'Show with the chunked scan', variant: 'chunked' }],
  along: 'chunk',
  per: { axis: 'time', of: (run) => settingsOf(run).chunk },
  picks: CHANNEL_PICKS,
  follow: followedChannel,
  borders: (run) => Array.from({ length: Math.max(chunksOf(run) - 1, 0) }, (_, i) => i + 1),
  links: linksOf,
  shared: true,
  strips: [
    { ...state, id: 'local', letter: 'S', title: 'chunk alone', record: 'local' },
    { ...state, id: 'passed', title: 'carried out', record: 'passed' },
    { ...state, id: 'taken', title: 'started from', record: 'taken' },
  ],
  words({ at, columns, strips: [, passed, taken] }, { run, tick }) {
    const missing = passed!.recorded ? [] : ['the states carried out of chunks'];
    if (!taken!.recorded) missing.push('those that chunks started from');
    if (missing.length > 0) return `${plural(columns, 'chunk')}; ${unrecordedText(missing)}.`;
    const broken = brokenChunks(run, tick, at);
    if (broken.length === 0)
      return `${plural(columns, 'chunk')}; every one that started took the state that was carried to it.`;
    return `Chunk ${broken.join(', ')} started from another state than the one that was carried out of the chunk before.`;
  },
});
