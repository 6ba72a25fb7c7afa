// Closed-form counts of the fused scan. The point of fusing: no buffer of batch · dim · seqlen · dstate elements exists.

import type { BufferCount, Totals } from '../../mechanisms/mechanism.ts';
import type { BufferSpec } from '../../plan/plan.ts';
import type { ScanConfig } from './config.ts';
import { mapParams } from './layout.ts';
import { fusedForm, X4_LANES } from './plan.ts';

/** One row of a count; `bytes` is the size of one access. */
export function row(buffer: string, loads: number, stores: number, bytes = 4): BufferCount {
  return { buffer, loads, stores, loadBytes: loads * bytes, storeBytes: stores * bytes };
}

/** Sums rows of the same buffer and drops those without an access. */
export function mergeRows(rows: readonly BufferCount[]): BufferCount[] {
  const merged = new Map<string, BufferCount>();
  for (const each of rows) {
    const sum = merged.get(each.buffer) ?? row(each.buffer, 0, 0);
    merged.set(each.buffer, {
      buffer: each.buffer,
      loads: sum.loads + each.loads,
      stores: sum.stores + each.stores,
      loadBytes: sum.loadBytes + each.loadBytes,
      storeBytes: sum.storeBytes + each.storeBytes,
    });
  }
  return [...merged.values()].filter(({ loads, stores }) => loads + stores > 0);
}

/** Bytes of the buffers that are neither given nor returned. */
export function scratchBytes(buffers: readonly BufferSpec[]): number {
  const own = buffers.filter(({ role, name }) => role === 'scratch' && !name.startsWith('unused'));
  return own.reduce((bytes, { shape }) => bytes + 4 * shape.reduce((a, b) => a * b, 1), 0);
}

/** Workgroups that each read all of B and C of their group, times batch and groups. */
export function channelBlocks({ batch, dim, groups }: ScanConfig, perWorkgroup: number): number {
  return batch * groups * Math.ceil(dim / groups / perWorkgroup);
}

/** Loads of B or C from device memory, when each workgroup of `blocks` reads them once. */
export function mapLoads(config: ScanConfig, form: ScanConfig['bForm'], blocks: number): number {
  const { batch, dim, dstate, seqlen } = config;
  return form === 'constant' ? batch * dim * dstate : blocks * dstate * seqlen;
}

/** What S4 mode adds, and the names of the buffers the scan then reads. */
export function modeCost(config: ScanConfig): { rows: BufferCount[]; delta: string; bc: string } {
  if (config.mode === 's6') return { rows: [], delta: 'delta', bc: 'bc' };
  const { batch, dim, dstate, seqlen, bForm, cForm } = config;
  const elements = (form: ScanConfig['bForm']) =>
    form === 'constant' ? dim * dstate : batch * (form === 'grouped' ? config.groups : 1) * dstate * seqlen;
  const maps = elements(bForm) + elements(cForm);
  const signal = batch * dim * seqlen;
  return {
    rows: [row('delta', signal, 0), row('delta_held', 0, signal), row('bc', maps, 0), row('bc_held', 0, maps)],
    delta: 'delta_held',
    bc: 'bc_held',
  };
}

/** Counts of sequential.wgsl or sequential-x4.wgsl. */
export function sequentialCost(config: ScanConfig, variant: 'sequential' | 'sequential-x4'): Totals {
  const { batch, dim, dstate, seqlen, bForm, cForm, hasD, hasZ, hasDeltaBias, lastState, channels, time } = config;
  const x4 = fusedForm(config, variant) === 'sequential-x4';
  const blocks = channelBlocks(config, x4 ? 4 * X4_LANES : channels);
  const quads = Math.ceil(dstate / 4);
  const signal = batch * dim * seqlen;
  // x4: one lane advances four channels, fewer at the end of a group.
  const advances = x4 ? batch * config.groups * Math.ceil(dim / config.groups / 4) * seqlen : signal;
  const tileStores = (form: ScanConfig['bForm']) => (form === 'constant' ? batch * dim : blocks * seqlen) * quads;
  const mode = modeCost(config);
  const rows = [
    ...mode.rows,
    row('u', signal, 0),
    row(mode.delta, signal, 0),
    ...(hasZ ? [row('z', signal, 0)] : []),
    row(mode.bc, mapLoads(config, bForm, blocks) + mapLoads(config, cForm, blocks), 0),
    row('weights', batch * dim * (dstate + Number(hasD) + Number(hasDeltaBias)), 0),
    row('out', 0, signal),
    ...(lastState ? [row('last_state', 0, batch * dim * dstate)] : []),
    row('b_tile', advances * quads, tileStores(bForm), 16),
    row('c_tile', advances * quads, tileStores(cForm), 16),
  ];
  const tileRows = x4 ? time : Math.max(time, channels);
  return {
    buffers: mergeRows(rows),
    workgroupBytes: 2 * 16 * tileRows * quads,
    extraBytes: config.mode === 's6' ? 0 : 4 * (signal + heldElements(config)),
    events: { advance: advances },
  };
}

function heldElements(config: ScanConfig): number {
  const { batch, dim, dstate, seqlen, groups, cForm } = config;
  const c = cForm === 'constant' ? dim * dstate : batch * (cForm === 'grouped' ? groups : 1) * dstate * seqlen;
  return mapParams(config).c_at! + c;
}
