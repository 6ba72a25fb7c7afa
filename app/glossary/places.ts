// Where a term can be met on this page: the view whose table counts it, and the line of the running kernel that does it. Lines are found
// in the text of the recording on screen, edited or not, so a link never points beside what it names.

import type { Recording } from '../exhibit/recording.ts';
import type { TermId } from './terms.ts';

export interface TermPlace {
  /** Id of a view, with the words of its link. */
  view?: { id: string; words: string };
  /** First line that matches, in the first kernel that has one. */
  source?: RegExp;
}

const view = (id: string, words: string) => ({ id, words });
const TILES = view('tiling', 'Counted tile by tile');
const BYTES = view('memory', 'Counted in bytes');
const READS = view('reuse', 'Counted per element');
const STEPS = view('timeline', 'Counted step by step');
const GROWTH = view('growth', 'Counted against length');

export const PLACES: Readonly<Partial<Record<TermId, TermPlace>>> = {
  query: { view: BYTES, source: /=\s*q\[/ },
  key: { view: READS, source: /=\s*k\[/ },
  value: { view: READS, source: /=\s*v\[/ },
  score: { view: TILES, source: /^\s*(s = score|let s = score|.*= score)\(/ },
  'score-matrix': { view: BYTES, source: /^\s*s\[.*=/ },
  probability: { view: TILES, source: /exp\(s - |exp\(.*- m/ },
  'query-tile': { view: TILES, source: /^const BR\b/ },
  'key-tile': { view: TILES, source: /^const BC\b/ },
  tile: { view: TILES, source: /\/\/: (load-kv|scores)\b/ },
  softmax: { view: TILES, source: /\/\/: (probabilities|exponentials)\b/ },
  'online-softmax': { view: TILES, source: /\/\/: fold\b/ },
  'running-max': { view: TILES, source: /m_new = max\(|= max\(m/ },
  'running-sum': { view: TILES, source: /^\s*l \+=|^\s*var l\b/ },
  rescale: { view: TILES, source: /rescale = exp\(/ },
  logsumexp: { view: BYTES, source: /^\s*lse\[/ },
  hbm: { view: BYTES, source: /var<storage/ },
  sram: { view: BYTES, source: /var<workgroup>/ },
  registers: { view: BYTES, source: /^\s*var (acc|l|m)\b/ },
  workgroup: { view: STEPS, source: /@workgroup_size/ },
  invocation: { view: STEPS, source: /local_invocation_id/ },
  dispatch: { view: STEPS, source: /@compute/ },
  barrier: { view: STEPS, source: /^\s*workgroupBarrier\(\)/ },
  'causal-mask': { view: TILES, source: /window_right < 0/ },
  window: { view: TILES, source: /window_left < 0/ },
  gqa: { view: READS, source: /let kv_head\b/ },
  softcap: { source: /\btanh\(/ },
  'block-mask': { view: TILES, source: /blockmask\[/ },
  'head-dim': { view: READS, source: /^const D\b/ },
  head: { view: TILES, source: /let head\b/ },
  'on-chip-memory': { view: BYTES, source: /var<workgroup>/ },
  'kv-cache': { view: GROWTH },
  state: { view: GROWTH, source: /return exp\(x\) \* h\b/ },
  trace: { view: STEPS },
  step: { view: STEPS, source: /\/\/: [a-z]/ },
  reuse: { view: READS },
  exact: { view: BYTES },
};

/** The kernel and the 1-based line that a term is about, among the recording's kernels; null where none of them has it. */
export function sourceOf(id: TermId, recording: Recording | null): { kernel: string; line: number } | null {
  const pattern = PLACES[id]?.source;
  if (!pattern) return null;
  for (const { file, wgsl } of recording?.kernels ?? []) {
    const at = wgsl.split('\n').findIndex((text) => !/^\s*\/\/[^:]/.test(text) && pattern.test(text));
    if (at >= 0) return { kernel: file, line: at + 1 };
  }
  return null;
}
