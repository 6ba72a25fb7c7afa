// What a mechanism keeps and reads to go on by one token, against the number of tokens before: Sessions of the mechanism on screen and of
// every other that declares how it decodes, with tokens of the same width. Bytes are those of the Sessions' buffers and of recorded steps.

import { EngineError } from '#gpu/core/errors.ts';
import { cards } from '#gpu/mechanisms/cards.ts';
import type { Config, Decoding, Mechanism } from '#gpu/mechanisms/mechanism.ts';
import { loadMechanism, mechanisms } from '#gpu/mechanisms/registry.ts';
import type { Run } from '#gpu/runtime/api.ts';
import type { Recording } from '../exhibit/recording.ts';
import type { Study, StudyEngine, StudyRow } from '../exhibit/study.ts';

/** Short enough that a cache can be smaller than a state, long enough that it no longer is. */
const LENGTHS = [4, 16, 64, 256, 1024, 4096];
/** What a device, or the page's patience with it, may refuse at some length while shorter ones run. */
const TOO_LONG = ['limit-exceeded', 'out-of-memory', 'unsupported'];
const COUNTS_ONLY = { steps: false, touches: false, probes: false };

interface Contestant {
  mechanism: Mechanism;
  decoding: Decoding;
  configAt(length: number): Config;
  sources: Record<string, string>;
}

/** Of its own width, the one on screen like its config; sources apply only to the variant they were written for. */
function contestantOf(
  mechanism: Mechanism,
  decoding: Decoding,
  width: number,
  like?: Config,
  sources = {},
): Contestant {
  const configAt = (length: number) => mechanism.resolve(decoding.configAt(length, width, like));
  return { mechanism, decoding, configAt, sources };
}

/** Loads what is asked for by its card, no other. */
async function loaded(id: string): Promise<Mechanism> {
  await loadMechanism(id);
  return mechanisms.get(id)!;
}

/** Everything that goes on token by token, the run's own mechanism first. @throws EngineError unsupported where that does not */
async function contestantsOf({ mechanism: id, variant, config, kernels, edited }: Recording) {
  const mechanism = await loaded(id);
  const own = await mechanism.decoding?.();
  if (!own) {
    const message = `${mechanism.title} does not go on token by token`;
    throw new EngineError('unsupported', message, { field: 'mechanism', value: id });
  }
  const width = own.width(config);
  const ran = kernels.filter(({ file }) => variant === own.variant && edited.includes(file));
  const sources = Object.fromEntries(ran.map(({ file, wgsl }) => [file, wgsl]));
  const others = [...cards.values()].filter(
    ({ role, decodes, id: other }) => role === 'mechanism' && decodes && other !== id,
  );
  const rivals = others.map(async (card) => {
    const rival = await loaded(card.id);
    return contestantOf(rival, await rival.decoding!(), width);
  });
  const contestants = [contestantOf(mechanism, own, width, config, sources), ...(await Promise.all(rivals))];
  return { contestants, width, length: own.length(config) };
}

/**
 * A row for every contestant at every length, the shortest first; the recording's own length is among them, so that the run on screen has
 * a point. Ends at the first length that the device refuses to one of them.
 */
export const growthStudy: Study = {
  id: 'growth',
  label: 'Opening a Session of every length',
  columns: [
    { id: 'length', title: 'Tokens' },
    { id: 'title', title: 'Mechanism' },
    { id: 'keeps', title: 'Keeps' },
    { id: 'kept', title: 'Kept', unit: 'B' },
    { id: 'closedForm', title: 'Closed form', unit: 'B' },
    { id: 'readOfKept', title: 'Read of it by a step', unit: 'B' },
    { id: 'read', title: 'Read in all', unit: 'B' },
    { id: 'written', title: 'Written', unit: 'B' },
  ],
  // The seed, and so the inputs, change no count.
  of: ({ variant, config, kernels, edited }) =>
    JSON.stringify([variant, config, kernels.filter(({ file }) => edited.includes(file))]),
  async run(engine, signal, onRow, run) {
    const { contestants, width, length: own } = await contestantsOf(run);
    const lengths = [...new Set([...LENGTHS, own])].sort((a, b) => a - b);
    for (const [i, length] of lengths.entries()) {
      const rows: StudyRow[] = [];
      try {
        for (const each of contestants) rows.push({ ...(await rowOf(engine, each, length, signal)), width, own });
      } catch (error) {
        if (i === 0 || !(error instanceof EngineError) || !TOO_LONG.includes(error.code)) throw error;
        return error.message;
      }
      for (const row of rows) onRow(row, (i + 1) / lengths.length);
    }
    return null;
  },
};

async function rowOf(
  engine: Pick<StudyEngine, 'open'>,
  { mechanism: { id, title }, decoding, configAt, sources }: Contestant,
  length: number,
  signal: AbortSignal,
): Promise<StudyRow> {
  const { variant, caches, prefill, step, makeToken, cacheBytes, keeps, sizes } = decoding;
  const config = configAt(length);
  const session = await engine.open({ mechanism: id, variant, config, sources }, { signal });
  try {
    if (prefill) await session.run(prefill, { signal });
    const run = await session.run(step, { inputs: makeToken?.(config, 1), trace: COUNTS_ONLY, signal });
    return {
      mechanism: id,
      title,
      keeps,
      sizes: sizes(config),
      length,
      kept: sum(caches.map((name) => session.bytes[name]!)),
      closedForm: cacheBytes(config),
      ...movedBy(run, caches),
    };
  } finally {
    session.dispose();
  }
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/**
 * Read and written in storage buffers by the step, and the part of the reads that went to the caches; all bytes.
 *
 * @throws EngineError internal when the step was not recorded, or an output holds no numbers: it is NaN until it is written
 */
function movedBy({ outputs, trace }: Run, caches: readonly string[]) {
  const unwritten = Object.entries(outputs).find(([, { data }]) => data.length === 0 || data.some(Number.isNaN));
  if (!trace || unwritten) {
    throw new EngineError('internal', `the decode step left no ${unwritten?.[0] ?? 'recording'}`);
  }
  const storage = new Set(trace.buffers.filter(({ space }) => space === 'storage').map(({ name }) => name));
  const totals = trace.totals.filter(({ buffer }) => storage.has(buffer));
  return {
    read: sum(totals.map(({ loadBytes }) => loadBytes)),
    written: sum(totals.map(({ storeBytes }) => storeBytes)),
    readOfKept: sum(totals.filter(({ buffer }) => caches.includes(buffer)).map(({ loadBytes }) => loadBytes)),
  };
}
