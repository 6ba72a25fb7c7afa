// Closed-form counts of the ways that are not fused. They differ from the fused one by the six passes over batch · dim · seqlen · dstate
// elements that Ā, B̄u and h cost when each goes through memory.

import type { Counts } from '../../define/spec.ts';
import type { Form, ScanConfig } from '../../primitives/sequential-scan/reference.ts';
import { channelBlocks, mapLoads, modeCounts } from '../../primitives/sequential-scan/scan.ts';

/** Time steps of a chunk, and chunks of a sequence. */
export function chunking({ seqlen, chunk }: ScanConfig): { chunk: number; chunks: number } {
  const steps = Math.min(chunk, seqlen);
  return { chunk: steps, chunks: Math.ceil(seqlen / steps) };
}

export function unfusedCounts(config: ScanConfig): Counts {
  const { batch, dim, dstate, seqlen, hasD, hasZ, hasDeltaBias, lastState, bForm, cForm, channels } = config;
  const signal = batch * dim * seqlen;
  const expanded = { loads: signal * dstate, stores: signal * dstate };
  const blocks = channelBlocks(config, channels);
  const b = mapLoads(config, bForm, blocks);
  const c = mapLoads(config, cForm, blocks);
  return {
    buffers: {
      ...modeCounts(config, signal, b + c),
      u: { loads: signal * (1 + Number(hasD)) },
      z: { loads: hasZ ? signal : 0 },
      weights: { loads: batch * dim * (dstate + Number(hasD) + Number(hasDeltaBias)) },
      a_bar: expanded,
      b_bar_u: expanded,
      states: expanded,
      out: { stores: signal },
      last_state: { stores: lastState ? batch * dim * dstate : 0 },
      b_tile: { loads: signal * dstate, stores: b },
      c_tile: { loads: signal * dstate, stores: c },
    },
    events: {},
  };
}

export function chunkedCounts(config: ScanConfig): Counts {
  const { batch, dim, dstate, seqlen, hasD, hasZ, hasDeltaBias, lastState, bForm, cForm, channels } = config;
  const { chunks } = chunking(config);
  const signal = batch * dim * seqlen;
  const rows = batch * dim;
  const blocks = channelBlocks(config, channels);
  const quads = Math.ceil(dstate / 4);
  // A constant B or C is taken anew by every chunk.
  const loads = (form: Form) => mapLoads(config, form, blocks) * (form === 'constant' ? chunks : 1);
  const tileStores = (form: Form) => (form === 'constant' ? rows * chunks : blocks * seqlen) * quads;
  return {
    buffers: {
      ...modeCounts(config, 2 * signal, 2 * loads(bForm) + loads(cForm)),
      u: { loads: 2 * signal },
      z: { loads: hasZ ? signal : 0 },
      weights: { loads: rows * (dstate + chunks * (2 * dstate + 2 * Number(hasDeltaBias) + Number(hasD))) },
      carry: { loads: 2 * rows * chunks * dstate, stores: 2 * rows * chunks * dstate },
      spans: { loads: rows * chunks * dstate, stores: rows * chunks },
      out: { stores: signal },
      last_state: { stores: lastState ? rows * dstate : 0 },
      b_tile: { loads: 2 * signal * quads, stores: 2 * tileStores(bForm), bytes: 16 },
      c_tile: { loads: signal * quads, stores: tileStores(cForm), bytes: 16 },
    },
    events: { 'advance-local': signal, carry: rows * dstate * chunks, advance: signal },
  };
}

/** Combines of one state over one tile of n lanes. */
export function combinesPerTile(variant: string, n: number): number {
  return variant === 'blelloch' ? 2 * (n - 1) : n * Math.log2(n) - (n - 1);
}

export function parallelCounts(config: ScanConfig, variant: string): Counts {
  const { batch, dim, dstate, seqlen, hasD, hasZ, hasDeltaBias, lastState, scan } = config;
  const signal = batch * dim * seqlen;
  const channels = batch * dim;
  const scans = channels * Math.ceil(seqlen / scan) * dstate;
  const combines = combinesPerTile(variant, scan);
  const kept = lastState ? channels * dstate : 0;
  return {
    buffers: {
      ...modeCounts(config, signal, 2 * signal * dstate),
      u: { loads: signal },
      z: { loads: hasZ ? signal : 0 },
      weights: { loads: channels * (dstate + scan * (Number(hasD) + Number(hasDeltaBias))) },
      out: { stores: signal },
      last_state: { stores: kept },
      rate: { loads: signal * dstate, stores: channels * dstate },
      carry: { loads: scans + kept, stores: channels * dstate + scans },
      pairs:
        variant === 'blelloch'
          ? [
              // Up: two loads, one store. Down: three loads, two stores. The carry is planted, every lane reads one b.
              { loads: scans * 5 * (scan - 1), stores: scans * (scan + 1 + 3 * (scan - 1)), bytes: 8 },
              { loads: scans * scan },
            ]
          : { loads: scans * combines, stores: scans * scan * (1 + Math.log2(scan)), bytes: 8 },
    },
    events: { combine: scans * combines },
  };
}
