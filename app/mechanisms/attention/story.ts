// The story line: what the run moved, beside another variant on the same input, and what was odd about it. Recorded numbers only.

import { finish, type Sliced } from '#gpu/core/sliced.ts';
import { TUNED, tilesOfPass } from '#gpu/mechanisms/attention/tuned-tiles.ts';
import { hbmBytes } from '../../exhibit/moved-bytes.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { cutSentence } from '../../exhibit/what-was-cut.ts';
import { onChip } from '../../words/numbers.ts';
import { bytesText, exactText, plural } from '../../words/quantities.ts';
import { wordCount } from '../../words/token-text.ts';
import { capitalised } from '../../words/written-short.ts';
import { type HeadGrid, headGridOf } from './head-grid.ts';
import { movedAgain } from './moved-again.ts';
import { placeWords } from './place-words.ts';
import { countsOf } from './settings.ts';
import { tileIndexOf } from './tile-index.ts';
import { sequenceExtent } from './visibility.ts';

/** What of the grid was read how often, over all heads and sequences. */
export interface Coverage {
  /** The sequence and head that the key tiles are of: the one with most oddities. */
  batch: number;
  head: number;
  /** Key tiles that the mask lets some query see there; the same counted as read. */
  keyTiles: number;
  keyTilesRead: number;
  /** Key tiles that some query tile read more than once within one dispatch. */
  keyTilesRepeated: number;
  /** Most times one tile was read within one dispatch. */
  mostTimes: number;
  /** Cells of the score grid, all heads: all; visited; let through by the mask; of those never visited; read more than once. */
  cells: number;
  visitedCells: number;
  openCells: number;
  missedCells: number;
  repeatedCells: number;
}

const coverages = new WeakMap<Recording, Coverage>();

/** Coverage of a recording; made once. Key tiles are those of the head with most oddities, so that a sentence can name them. */
export function coverageOf(recording: Recording): Coverage {
  return coverages.get(recording) ?? finish(sliceCoverage(recording));
}

/** `coverageOf` in slices, a head at a time. */
export function* sliceCoverage(recording: Recording): Sliced<Coverage> {
  const known = coverages.get(recording);
  if (known) return known;
  const made: Coverage = {
    batch: 0,
    head: 0,
    keyTiles: 0,
    keyTilesRead: 0,
    keyTilesRepeated: 0,
    mostTimes: 0,
    cells: 0,
    visitedCells: 0,
    openCells: 0,
    missedCells: 0,
    repeatedCells: 0,
  };
  let oddest = -1;
  for (const { batch, head } of headsOf(recording)) {
    yield;
    const grid = headGridOf(recording, batch, head);
    yield;
    const { times, missed, repeated } = countCells(recording, grid);
    made.cells += grid.open.length;
    made.visitedCells += grid.visitsInAll.reduce((sum, visits) => sum + (visits > 0 ? 1 : 0), 0);
    made.openCells += grid.open.reduce((sum, open) => sum + open, 0);
    made.missedCells += missed;
    made.repeatedCells += repeated;
    made.mostTimes = times.reduce((most, count) => Math.max(most, count), made.mostTimes);
    if (missed + repeated <= oddest) continue;
    oddest = missed + repeated;
    Object.assign(made, { batch, head }, countKeyTiles(grid, times));
  }
  coverages.set(recording, made);
  return made;
}

function headsOf({ config }: Recording): { batch: number; head: number }[] {
  const { batch, heads } = countsOf(config);
  return Array.from({ length: batch * heads }, (_, i) => ({ batch: Math.floor(i / heads), head: i % heads }));
}

/** Per cell, how often one dispatch read it at most. */
function countCells(recording: Recording, grid: HeadGrid) {
  const { visits } = tileIndexOf(recording);
  const times = new Uint16Array(grid.open.length);
  const byDispatch = new Map<number, Uint16Array>();
  grid.cells.forEach((cell, i) => {
    const visit = grid.visit[i]!;
    const dispatch = visits.dispatch[visit]!;
    let counts = byDispatch.get(dispatch);
    if (!counts) {
      counts = new Uint16Array(times.length);
      byDispatch.set(dispatch, counts);
    }
    counts[cell]! += visits.repeats[visit]!;
    times[cell] = Math.max(times[cell]!, counts[cell]!);
  });
  let missed = 0;
  let repeated = 0;
  times.forEach((count, cell) => {
    if (grid.open[cell] && count === 0) missed += 1;
    if (count > 1) repeated += 1;
  });
  return { times, missed, repeated };
}

function countKeyTiles(grid: HeadGrid, times: Uint16Array) {
  let keyTiles = 0;
  let keyTilesRead = 0;
  let keyTilesRepeated = 0;
  for (let column = 0; column < grid.gridColumns; column++) {
    let open = false;
    let most = 0;
    for (let row = 0; row < grid.gridRows; row++) {
      const cell = row * grid.gridColumns + column;
      open ||= grid.open[cell] === 1;
      most = Math.max(most, times[cell]!);
    }
    if (!open && most === 0) continue;
    keyTiles += 1;
    if (most > 0) keyTilesRead += 1;
    if (most > 1) keyTilesRepeated += 1;
  }
  return { keyTiles, keyTilesRead, keyTilesRepeated };
}

const TIMES = ['never', 'once', 'twice', 'three times', 'four times'];
const timesText = (times: number) => TIMES[times] ?? `${times} times`;
const NUMBERS = ['none', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const numberText = (count: number) => NUMBERS[count] ?? exactText(count);

const wereText = (count: number) => (count === 1 ? 'was' : 'were');

/** A tile of the flash kernels is as many keys as values: an edit that reads one oftener than the other is told. */
function unevenReads({ trace, variant, edited }: Recording): string | null {
  if (edited.length === 0 || variant === 'standard') return null;
  const [keys, values] = ['k', 'v'].map((name) => trace.totals.find(({ buffer }) => buffer === name)?.loadBytes ?? 0);
  if (!keys || !values || keys === values) return null;
  const more = keys > values ? 'keys' : 'values';
  const ratio = ratioText(Math.max(keys, values), Math.min(keys, values));
  return `${more} were read ${ratio} as often as ${more === 'keys' ? 'values' : 'keys'}`;
}

/** What a run did that its mask does not explain; null when nothing. */
function oddity(recording: Recording): string | null {
  const { trace } = recording;
  const seen = coverageOf(recording);
  const parts: string[] = [];
  if (seen.keyTilesRead < seen.keyTiles || seen.keyTilesRepeated > 0) {
    const place = placeWords(recording, seen, true);
    const tiles = `${seen.keyTilesRead} of ${plural(seen.keyTiles, 'key tile')}${place && ` of ${place}`}`;
    parts.push(`${tiles} ${wereText(seen.keyTilesRead)} read`);
  }
  if (seen.keyTilesRepeated > 0) {
    parts.push(
      `${numberText(seen.keyTilesRepeated)} ${wereText(seen.keyTilesRepeated)} read ${timesText(seen.mostTimes)}`,
    );
  }
  if (parts.length === 0 && seen.missedCells > 0) {
    parts.push(
      `${exactText(seen.missedCells)} of ${plural(seen.openCells, 'tile')} that the mask lets through ${wereText(seen.missedCells)} never visited`,
    );
  }
  if (seen.missedCells > 0 && parts.length > 0 && seen.keyTilesRead < seen.keyTiles) {
    parts[0] += ', though the mask lets all through';
  }
  const uneven = unevenReads(recording);
  if (uneven) parts.push(uneven);
  if (parts.length > 0) return `${parts.join('; ')}.`;
  if (!trace.matchesPlain) return 'The recorded run’s output differs from the plain run’s.';
  return cutSentence(trace);
}

const SHORT: Record<string, string> = {
  standard: 'the standard one',
  'flash-v1': 'FlashAttention',
  'flash-v2': 'FlashAttention-2',
};

/** The variant to stand beside: standard for the flash kernels, FlashAttention-2 for standard; else the first there is. */
function counterpart(recording: Recording, others: readonly Recording[]): Recording | undefined {
  const wanted = recording.variant === 'standard' ? 'flash-v2' : 'standard';
  return (
    others.find(({ variant }) => variant === wanted) ?? others.find(({ variant }) => variant !== recording.variant)
  );
}

/** The standard kernel's run, where a tiled one moved more than it; else nothing. */
export function cheaperStandard(recording: Recording, others: readonly Recording[]): Recording | undefined {
  if (!recording.variant.startsWith('flash')) return undefined;
  const standard = others.find(({ variant }) => variant === 'standard');
  return standard && hbmBytes(recording) > hbmBytes(standard) ? standard : undefined;
}

/** Tiles of the run, '16 × 4'. The tuned kernel's are its own, whatever the config says. */
function tilesText({ config, plan }: Recording): string {
  const { br, bc } = plan.passes.map(tilesOfPass).find(Boolean) ?? config;
  return `${br} × ${bc}`;
}

/** '1.04 times': as many digits as it takes to tell the greater number from the smaller, two at least. */
function ratioText(greater: number, smaller: number): string {
  const ratio = greater / smaller;
  const digits = [2, 3].find((count) => Number(ratio.toFixed(count)) > 1) ?? 4;
  return `${ratio.toFixed(digits)} times`;
}

/** ': why, and that costs more …' where a run moved more than the standard one; nothing where its counts name no reason. */
function reasonText(recording: Recording, tiles: string): string {
  const again = movedAgain(recording);
  if (!again) return '';
  return `: ${again.byTile ? `with tiles of ${tiles}, ` : ''}${again.words}, and that costs more than storing the scores`;
}

/** The honest case: why tiles can cost more than they save. */
export function attentionRemark(recording: Recording, others: readonly Recording[]): string | null {
  const standard = cheaperStandard(recording, others);
  if (!standard) return null;
  const ratio = ratioText(hbmBytes(recording), hbmBytes(standard));
  const reason = reasonText(recording, tilesText(recording));
  // The tuned kernel's tiles are chosen by time, not by M; and where one tile holds all there is, none can be larger.
  const larger =
    recording.variant !== TUNED && movedAgain(recording)?.byTile
      ? ' The more on-chip memory M there is, the larger the tiles and the smaller this ratio.'
      : '';
  return `FlashAttention moves ${ratio} as much as standard attention${standard.without ? ' without the mask' : ''} here${reason}.${larger}`;
}

/** At most two sentences: what was moved, beside what; and what was odd about it or, where nothing was, what it means. */
export function attentionStory(recording: Recording, others: readonly Recording[]): string {
  const { tokens, config, edited } = recording;
  const about = tokens ? wordsText(tokens.query) : sizeText(config);
  const kernel = edited.length > 0 ? 'this edited kernel' : 'this kernel';
  const moved = `To attend over ${about} ${kernel} moved ${bytesText(hbmBytes(recording))} between HBM and ${onChip(recording.trace)}`;
  const odd = oddity(recording);
  const second = odd ? capitalised(odd) : meaning(recording, others);
  return `${moved}${besideText(recording, others)}.${second ? ` ${second}` : ''}`;
}

/** What others moved on the same input. A mask that they do not have makes two of them worth naming, and is named itself. */
function besideText(recording: Recording, others: readonly Recording[]): string {
  const unmasked = ['flash-v2', 'standard'].flatMap((id) => others.filter((o) => o.variant === id && o.without));
  const nameOf = ({ variant }: Recording) => SHORT[variant] ?? variant;
  const [first, second] = unmasked;
  if (first) {
    const also = second ? `, ${nameOf(second)} ${bytesText(hbmBytes(second))}` : '';
    return `; without the mask ${nameOf(first)} moves ${bytesText(hbmBytes(first))}${also}`;
  }
  const other = counterpart(recording, others);
  return other ? `; ${nameOf(other)} moves ${bytesText(hbmBytes(other))}` : '';
}

/** Bytes that some buffers' loads and stores moved, all counted. */
function trafficOf({ trace }: Recording, buffers: readonly string[]): number {
  const chosen = trace.totals.filter(({ buffer }) => buffers.includes(buffer));
  return chosen.reduce((sum, { loadBytes, storeBytes }) => sum + loadBytes + storeBytes, 0);
}

const SCORES = ['s', 'p'];

/** 'Only 4 of 16 tiles were visited', for some of them or none. */
function visitedText(visited: number, cells: number): string {
  if (visited > 0) return `Only ${exactText(visited)} of ${plural(cells, 'tile')} ${wereText(visited)} visited`;
  return cells === 1 ? 'Its only tile was not visited' : `None of the ${plural(cells, 'tile')} was visited`;
}

/** Why this run moved more or less than what stands beside it; null where the counts say nothing plain. */
function meaning(recording: Recording, others: readonly Recording[]): string | null {
  const own = hbmBytes(recording);
  if (recording.config.blockmask) {
    const { cells, visitedCells } = coverageOf(recording);
    if (visitedCells < cells) return `${visitedText(visitedCells, cells)}: what the mask leaves out is never loaded.`;
  }
  const cheaper = cheaperStandard(recording, others);
  if (cheaper) {
    const ratio = ratioText(own, hbmBytes(cheaper));
    return `That is ${ratio} as much${reasonText(recording, `only ${tilesText(recording)}`)}.`;
  }
  const other = counterpart(recording, others);
  if (!other) return null;
  const difference = hbmBytes(other) - own;
  if (recording.variant === 'standard') {
    const scores = trafficOf(recording, SCORES);
    if (scores === 0) return null;
    const sent = `${bytesText(scores)} of it is the score matrix on its way out and back`;
    if (difference < 0) return `${sent}, which the other keeps on chip.`;
    const again = movedAgain(other);
    return `${sent}; the other keeps it on chip${again ? `, but ${again.words}` : ''}.`;
  }
  const scores = trafficOf(other, SCORES);
  if (scores === 0 || difference <= 0) return null;
  if (bytesText(scores) === bytesText(difference))
    return 'What it saves is the score matrix, which never leaves the chip.';
  return `It saves ${bytesText(difference)} because the score matrix, ${bytesText(scores)} of the other’s traffic, never leaves the chip.`;
}

function wordsText(tokens: readonly string[]): string {
  const words = wordCount(tokens);
  if (words === 0) return `your ${plural(tokens.length, 'token')}`;
  const pieces = words === tokens.length ? '' : ` (${plural(tokens.length, 'token')})`;
  return `your ${plural(words, 'word')}${pieces}`;
}

/** '64 tokens'; of several sequences how many they are, and their tokens together where they differ in length. */
function sizeText(config: Recording['config']): string {
  const sequences = Array.from({ length: countsOf(config).batch }, (_, batch) => sequenceExtent(config, batch));
  const [first = { rows: 0, keys: 0 }] = sequences;
  const isSquare = sequences.every(({ rows, keys }) => rows === keys);
  const tokensText = (rows: number, keys: number) =>
    isSquare ? plural(rows, 'token') : `${plural(keys, 'key')} from ${plural(rows, 'query', 'queries')}`;
  if (sequences.length === 1) return tokensText(first.rows, first.keys);
  const count = `${numberText(sequences.length)} sequences`;
  const isAlike = sequences.every(({ rows, keys }) => rows === first.rows && keys === first.keys);
  if (isAlike) return `${count} of ${tokensText(first.rows, first.keys)}`;
  const sum = (of: 'rows' | 'keys') => sequences.reduce((total, extent) => total + extent[of], 0);
  return `${count} with ${tokensText(sum('rows'), sum('keys'))} together`;
}
