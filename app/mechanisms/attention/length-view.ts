// View: bytes against length. What FlashAttention-2 and standard attention move, counted in runs of this device up to a length that can be
// watched, and by the closed form beyond.

import { type AttentionConfig, resolveConfig } from '#gpu/mechanisms/attention/config.ts';
import { attentionCost } from '#gpu/mechanisms/attention/cost.ts';
import type { PictureState } from '../../exhibit/picture.ts';
import { coordinateOf } from '../../exhibit/place.ts';
import type { Recording } from '../../exhibit/recording.ts';
import type { Study, StudyEngine, StudyRow } from '../../exhibit/study.ts';
import type { PlotRow } from '../../pictures/plot/line-plot.ts';
import { plot } from '../../pictures/plot/plot.ts';
import { bytesText, exactText } from '../../words/quantities.ts';
import { tilesForLength } from './fit-sentence.ts';

/** Counted on this device; then the closed form alone. */
const COUNTED = [16, 64, 256];
const BEYOND = [1024, 4096];
const VARIANTS = ['flash-v2', 'standard'] as const;
const LOOKS: Pick<PlotRow, 'ink' | 'pattern' | 'letter' | 'name'>[] = [
  { ink: '--tone-inner', pattern: null, letter: 'F2', name: 'FlashAttention-2' },
  { ink: '--tone-key', pattern: 'hatch', letter: 'St', name: 'standard' },
];
const COUNTS_ONLY = { steps: false, touches: false, probes: false };

interface LengthRow {
  length: number;
  variant: (typeof VARIANTS)[number];
  /** Bytes; not there beyond what is counted. */
  counted?: number;
  closedForm: number;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** On the tiles that a sentence of this length gets on this device. */
function configAt({ config }: Recording, length: number, limits: Record<string, number>): AttentionConfig {
  const { headDim } = config as AttentionConfig;
  const tiles = tilesForLength({ rows: length, keys: length, headDim }, limits);
  return resolveConfig({ heads: 1, nq: length, nk: length, headDim, ...tiles });
}

async function countedBytes(engine: StudyEngine, variant: string, config: AttentionConfig, signal: AbortSignal) {
  const { trace } = await engine.run(
    { mechanism: 'attention', variant, config, seed: 1 },
    { trace: COUNTS_ONLY, signal },
  );
  const storage = new Set(trace?.buffers.filter(({ space }) => space === 'storage').map(({ name }) => name));
  const totals = trace?.totals.filter(({ buffer }) => storage.has(buffer)) ?? [];
  return sum(totals.map(({ loadBytes, storeBytes }) => loadBytes + storeBytes));
}

const lengthStudy: Study = {
  id: 'bytes-against-length',
  label: 'Counting bytes at every length',
  columns: [
    { id: 'length', title: 'Tokens' },
    { id: 'variant', title: 'Kernel' },
    { id: 'counted', title: 'Counted here', unit: 'B' },
    { id: 'closedForm', title: 'Closed form', unit: 'B' },
  ],
  of: ({ config: { headDim } }) => String(headDim),
  async run(engine, signal, onRow, recording) {
    const lengths = [...COUNTED, ...BEYOND];
    for (const [i, length] of lengths.entries()) {
      for (const variant of VARIANTS) {
        const config = configAt(recording, length, engine.adapter.limits);
        const closedForm = sum(
          attentionCost(variant, config).buffers.map(({ loadBytes, storeBytes }) => loadBytes + storeBytes),
        );
        const row: StudyRow = { length, variant, closedForm };
        const counted = i < COUNTED.length && (await countedBytes(engine, variant, config, signal));
        onRow(counted === false ? row : { ...row, counted }, (i + 1) / lengths.length);
      }
    }
    return null;
  },
};

function rowsOf({ study }: PictureState): LengthRow[] {
  const rows = (study?.rows ?? []) as unknown as LengthRow[];
  return rows.filter(({ length }) =>
    VARIANTS.every((id) => rows.some((row) => row.variant === id && row.length === length)),
  );
}

const lengthsOf = (rows: readonly LengthRow[]) => [...new Set(rows.map(({ length }) => length))];

function selectedOf(lengths: readonly number[], state: PictureState): number {
  const at = lengths.indexOf(coordinateOf(state.place, 'length') ?? -1);
  return at < 0 ? lengths.length - 1 : at;
}

function words(state: PictureState): string {
  const rows = rowsOf(state);
  const lengths = lengthsOf(rows);
  if (lengths.length === 0) return state.study?.message ?? 'Nothing is counted yet.';
  const length = lengths[selectedOf(lengths, state)]!;
  const [flash, standard] = VARIANTS.map((id) => rows.find((row) => row.variant === id && row.length === length)!);
  const [own, other] = [flash!, standard!].map(({ counted, closedForm }) => counted ?? closedForm);
  const ratio =
    own! <= other! ? `${(other! / own!).toFixed(2)} times less` : `${(own! / other!).toFixed(2)} times as much`;
  const how = flash!.counted === undefined ? 'by the closed form' : 'counted on this device';
  return `At ${exactText(length)} tokens FlashAttention-2 moves ${bytesText(own!)}, ${ratio} than standard attention with ${bytesText(other!)}, ${how}.`.replace(
    'as much than',
    'as much as',
  );
}

export const lengthView = plot({
  id: 'length',
  title: 'Bytes against length',
  about:
    'What one head moves between HBM and the chip at every length, with the head dimension of the run on the stage and tiles as large as this device holds. The score matrix of standard attention grows with the square of the length; FlashAttention-2 never stores it. Full points are counted in runs of this device, hollow ones follow the closed form (dashed).',
  along: 'length',
  study: lengthStudy,
  studyWords: {
    idle: 'Not counted yet: runs of several lengths are made on this device while this view is on the stage of a live run.',
    cancelled: 'Cancelled before every length was counted.',
    start: 'Count now',
    again: 'Count again',
  },
  unknown: 'counted when it is opened',
  scene(state) {
    const rows = rowsOf(state);
    const lengths = lengthsOf(rows);
    if (lengths.length === 0) return null;
    const lines = VARIANTS.map((id, i): PlotRow => {
      const own = rows.filter(({ variant }) => variant === id);
      const values = own.map(({ counted }) => counted ?? Number.NaN);
      return { ...LOOKS[i]!, values, form: own.map(({ closedForm }) => closedForm) };
    });
    const title = 'Moved between HBM and the chip';
    const source = 'full points: counted here; hollow, dashed: closed form';
    return { places: lengths, own: -1, selected: selectedOf(lengths, state), panels: [{ title, source, rows: lines }] };
  },
  words,
  table: (_scene, state) => ({
    columns: [...lengthStudy.columns],
    rows: rowsOf(state).map(({ length, variant, counted, closedForm }) => [length, variant, counted ?? '', closedForm]),
  }),
});
