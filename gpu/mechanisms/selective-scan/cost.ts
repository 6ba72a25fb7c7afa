// Closed-form counts of the five ways. Fused and unfused differ by the six passes over batch · dim · seqlen · dstate elements that
// Ā, B̄u and h cost when each goes through memory.

import {
  channelBlocks,
  mapLoads,
  mergeRows,
  modeCost,
  row,
  scratchBytes,
  sequentialCost,
} from '../../primitives/sequential-scan/cost.ts';
import type { BufferCount, Totals } from '../mechanism.ts';
import type { ScanConfig } from './config.ts';
import { plan } from './plan.ts';

interface Counts {
  rows: BufferCount[];
  workgroupBytes: number;
  events: Record<string, number>;
}

export function cost(variant: string, config: ScanConfig): Totals {
  if (variant === 'sequential' || variant === 'sequential-x4') return sequentialCost(config, variant);
  const { rows, workgroupBytes, events } = counts(variant, config);
  const { buffers } = plan(variant, config, {});
  return {
    buffers: mergeRows([...modeCost(config).rows, ...rows]),
    workgroupBytes,
    extraBytes: scratchBytes(buffers),
    events,
  };
}

function counts(variant: string, config: ScanConfig): Counts {
  switch (variant) {
    case 'unfused':
      return unfused(config);
    case 'chunked':
      return chunked(config);
    default:
      return parallel(variant, config);
  }
}

function unfused(config: ScanConfig): Counts {
  const { batch, dim, dstate, seqlen, hasD, hasZ, hasDeltaBias, lastState, bForm, cForm, channels, time } = config;
  const signal = batch * dim * seqlen;
  const expanded = signal * dstate;
  const blocks = channelBlocks(config, channels);
  const { delta, bc } = modeCost(config);
  const b = mapLoads(config, bForm, blocks);
  const c = mapLoads(config, cForm, blocks);
  return {
    rows: [
      row('u', signal * (1 + Number(hasD)), 0),
      row(delta, signal, 0),
      row('z', hasZ ? signal : 0, 0),
      row(bc, b + c, 0),
      row('weights', batch * dim * (dstate + Number(hasD) + Number(hasDeltaBias)), 0),
      row('a_bar', expanded, expanded),
      row('b_bar_u', expanded, expanded),
      row('states', expanded, expanded),
      row('out', 0, signal),
      row('last_state', 0, lastState ? batch * dim * dstate : 0),
      row('b_tile', expanded, b),
      row('c_tile', expanded, c),
    ],
    workgroupBytes: 4 * Math.max(time, channels) * dstate,
    events: {},
  };
}

function chunked(config: ScanConfig): Counts {
  const { batch, dim, dstate, seqlen, hasD, hasZ, hasDeltaBias, lastState, bForm, cForm, channels, time } = config;
  const chunks = Math.ceil(seqlen / Math.min(config.chunk, seqlen));
  const signal = batch * dim * seqlen;
  const rows = batch * dim;
  const blocks = channelBlocks(config, channels);
  const quads = Math.ceil(dstate / 4);
  const { delta, bc } = modeCost(config);
  // A constant B or C is taken anew by every chunk.
  const loads = (form: ScanConfig['bForm']) => mapLoads(config, form, blocks) * (form === 'constant' ? chunks : 1);
  const tileStores = (form: ScanConfig['bForm']) => (form === 'constant' ? rows * chunks : blocks * seqlen) * quads;
  return {
    rows: [
      row('u', 2 * signal, 0),
      row(delta, 2 * signal, 0),
      row('z', hasZ ? signal : 0, 0),
      row(bc, 2 * loads(bForm) + loads(cForm), 0),
      row('weights', rows * (dstate + chunks * (2 * dstate + 2 * Number(hasDeltaBias) + Number(hasD))), 0),
      row('carry', 2 * rows * chunks * dstate, 2 * rows * chunks * dstate),
      row('spans', rows * chunks * dstate, rows * chunks),
      row('out', 0, signal),
      row('last_state', 0, lastState ? rows * dstate : 0),
      row('b_tile', 2 * signal * quads, 2 * tileStores(bForm), 16),
      row('c_tile', signal * quads, tileStores(cForm), 16),
    ],
    workgroupBytes: 2 * 16 * Math.max(time, channels) * quads,
    events: { 'advance-local': signal, carry: rows * dstate * chunks, advance: signal },
  };
}

/** Combines of one state over one tile of n lanes. */
export function combinesPerTile(variant: string, n: number): number {
  return variant === 'blelloch' ? 2 * (n - 1) : n * Math.log2(n) - (n - 1);
}

function parallel(variant: string, config: ScanConfig): Counts {
  const { batch, dim, dstate, seqlen, hasD, hasZ, hasDeltaBias, lastState, scan } = config;
  const signal = batch * dim * seqlen;
  const channels = batch * dim;
  const tiles = Math.ceil(seqlen / scan);
  const scans = channels * tiles * dstate;
  const blelloch = variant === 'blelloch';
  const { delta, bc } = modeCost(config);
  const combines = combinesPerTile(variant, scan);
  const pairs: BufferCount = blelloch
    ? mergeRows([
        // Up: two loads, one store. Down: three loads, two stores. The carry is planted, every lane reads one b.
        row('pairs', scans * 5 * (scan - 1), scans * (scan + 1 + 3 * (scan - 1)), 8),
        row('pairs', scans * scan, 0, 4),
      ])[0]!
    : row('pairs', scans * combines, scans * scan * (1 + Math.log2(scan)), 8);
  return {
    rows: [
      row('u', signal, 0),
      row(delta, signal, 0),
      row('z', hasZ ? signal : 0, 0),
      row(bc, 2 * signal * dstate, 0),
      row('weights', channels * (dstate + scan * (Number(hasD) + Number(hasDeltaBias))), 0),
      row('out', 0, signal),
      row('last_state', 0, lastState ? channels * dstate : 0),
      row('rate', signal * dstate, channels * dstate),
      row('carry', scans + (lastState ? channels * dstate : 0), channels * dstate + scans),
      pairs,
    ],
    workgroupBytes: 8 * scan * (blelloch ? 1 : 2) + 8 * dstate,
    events: { combine: scans * combines },
  };
}
