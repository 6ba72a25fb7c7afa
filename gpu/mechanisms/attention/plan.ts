// Config and limits → Plan: buffers, baked constants, one dispatch per kernel. Pure.

import { EngineError } from '../../core/errors.ts';
import type { BufferSpec, PassSpec, Plan, Workgroups } from '../../plan/plan.ts';
import type { Limits } from '../mechanism.ts';
import { type AttentionConfig, maskShape } from './config.ts';
import { isVarlen, keptScores, STANDARD, workgroupArrays } from './geometry.ts';
import { lanesPerRow, NEG } from './tiles.ts';

export const variantIds = ['standard', 'flash-v1', 'flash-v2', 'flash-v2-block-sparse'] as const;
export type VariantId = (typeof variantIds)[number];

/** WebGPU's defaults, for limits that the caller does not name. */
const DEFAULT_LIMITS: Limits = {
  maxComputeWorkgroupStorageSize: 16384,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupSizeX: 256,
  maxComputeWorkgroupSizeY: 256,
  maxComputeWorkgroupsPerDimension: 65535,
  maxStorageBufferBindingSize: 134217728,
};

/** @throws EngineError limit-exceeded (field, value, limit), unsupported, unknown-variant */
export function planAttention(variant: string, config: AttentionConfig, limits: Limits): Plan {
  requireVariant(variant);
  const reason = unsupported(variant, config, limits);
  if (reason) throw reason;
  const buffers = [...tensorBuffers(config), ...scratchBuffers(variant, config)];
  for (const { name, shape } of buffers) {
    const bytes = 4 * shape.reduce((product, extent) => product * extent, 1);
    check(limits, 'maxStorageBufferBindingSize', name, bytes, `${name} [${shape.join(', ')}] takes ${bytes} bytes`);
  }
  const passes = variant === 'standard' ? standardPasses(config) : [tiledPass(variant, config)];
  for (const { kernel, workgroups } of passes) {
    (workgroups as Workgroups).forEach((groups, axis) => {
      const field = ['nq', 'heads', 'batch'][axis]!;
      const message = `${kernel} needs ${groups} workgroups for ${field}`;
      check(limits, 'maxComputeWorkgroupsPerDimension', field, groups, message);
    });
  }
  return { buffers, passes, idempotent: true };
}

/** @throws EngineError unknown-variant */
export function requireVariant(variant: string): asserts variant is VariantId {
  if ((variantIds as readonly string[]).includes(variant)) return;
  throw new EngineError('unknown-variant', `attention has no variant ${variant}`, {
    field: 'variant',
    value: variant,
    limit: variantIds,
  });
}

/** Why a variant cannot run this config on a device with these limits; undefined when it can. */
export function unsupported(variant: VariantId, config: AttentionConfig, limits: Limits): EngineError | undefined {
  if (config.blockmask && variant !== 'flash-v2-block-sparse') {
    return new EngineError('unsupported', `${variant} takes no block mask; flash-v2-block-sparse does`, {
      field: 'blockmask',
      value: variant,
      limit: 'flash-v2-block-sparse',
    });
  }
  const { br, bc, headDim } = config;
  try {
    if (variant === 'standard') {
      const message = `a block of the standard kernels has ${STANDARD.BR} invocations`;
      for (const name of ['maxComputeInvocationsPerWorkgroup', 'maxComputeWorkgroupSizeX'] as const) {
        check(limits, name, 'variant', STANDARD.BR, message);
      }
    } else {
      check(limits, 'maxComputeWorkgroupSizeY', 'br', br, `a tile of ${br} query rows has as many invocations`);
      const invocations = br * lanesPerRow(br, headDim);
      const message = `a tile of ${br} query rows has ${invocations} invocations`;
      check(limits, 'maxComputeInvocationsPerWorkgroup', 'br', invocations, message);
    }
    for (const [kernel, arrays] of Object.entries(workgroupArrays(variant, config))) {
      // Devices place every variable at a multiple of 16 bytes.
      const bytes = Object.values(arrays).reduce((sum, each) => sum + Math.ceil(each / 16) * 16, 0);
      const message = `tiles of ${br} × ${bc} with headDim ${headDim} need ${bytes} bytes of workgroup memory in ${kernel}`;
      check(limits, 'maxComputeWorkgroupStorageSize', variant === 'standard' ? 'headDim' : 'br, bc', bytes, message);
    }
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
  return undefined;
}

export function check(limits: Limits, name: string, field: string, value: number, message: string): void {
  const limit = limits[name] ?? DEFAULT_LIMITS[name]!;
  if (value <= limit) return;
  throw new EngineError('limit-exceeded', `${message}; this device allows ${limit} (${name})`, { field, value, limit });
}

const sum = (numbers: number[]) => numbers.reduce((total, each) => total + each, 0);

/** Rows of q (and out), and of k (and v), over all sequences. */
export function rowTotals({ packed, batch, nq, nk, seqlensQ, seqlensK }: AttentionConfig): [number, number] {
  return packed ? [sum(seqlensQ), sum(seqlensK)] : [batch * nq, batch * nk];
}

/** Names of axes: packed sequences stand one after the other, so that a row or key of a tensor is not one of its sequence. */
function axesOf({ packed }: AttentionConfig) {
  return packed
    ? { rows: ['packedRow'], keys: ['packedKey'], statistics: ['head', 'packedRow'] }
    : { rows: ['batch', 'row'], keys: ['batch', 'key'], statistics: ['batch', 'head', 'row'] };
}

export function tensorBuffers(config: AttentionConfig): BufferSpec[] {
  const { packed, batch, nq, nk, heads, kvHeads, headDim } = config;
  const [queryRows, keyRows] = rowTotals(config);
  const axes = axesOf(config);
  const query = {
    axes: [...axes.rows, 'head', 'column'],
    shape: [...(packed ? [queryRows] : [batch, nq]), heads, headDim],
  };
  const key = {
    axes: [...axes.keys, 'group', 'column'],
    shape: [...(packed ? [keyRows] : [batch, nk]), kvHeads, headDim],
  };
  return [
    { name: 'q', dtype: 'f32', ...query, role: 'input' },
    { name: 'k', dtype: 'f32', ...key, role: 'input' },
    { name: 'v', dtype: 'f32', ...key, role: 'input' },
    { name: 'out', dtype: 'f32', ...query, role: 'output', init: 'poison' },
    {
      name: 'lse',
      dtype: 'f32',
      axes: axes.statistics,
      shape: packed ? [heads, queryRows] : [batch, heads, nq],
      role: 'output',
      init: 'poison',
      sentinel: { from: NEG, to: -Infinity },
    },
  ];
}

function scratchBuffers(variant: VariantId, config: AttentionConfig): BufferSpec[] {
  const { packed, batch, nq, nk, heads } = config;
  const buffers = [extentsSpec(config)];
  const statistics = {
    axes: axesOf(config).statistics,
    shape: packed ? [heads, rowTotals(config)[0]] : [batch, heads, nq],
  };
  const scores = { axes: [...statistics.axes, 'key'], shape: [...statistics.shape, nk] };
  if (variant === 'standard') {
    buffers.push(
      { name: 's', dtype: 'f32', ...scores, role: 'scratch', init: 'poison' },
      { name: 'p', dtype: 'f32', ...scores, role: 'scratch', init: 'poison' },
    );
  }
  if (variant === 'flash-v1') {
    buffers.push({ name: 'l', dtype: 'f32', ...statistics, role: 'scratch', init: 'poison' });
  }
  if (variant === 'flash-v2-block-sparse') {
    const shape = maskShape(config);
    const spec: BufferSpec = { name: 'blockmask', dtype: 'i32', axes: ['rowBlock', 'keyBlock'], shape, role: 'input' };
    // Without a mask nothing is masked.
    if (!config.blockmask) spec.init = Array.from({ length: shape[0] * shape[1] }, () => 1);
    buffers.push(spec);
  }
  return buffers;
}

/** The extents of the sequences, or what stands in for them where all are whole. */
export function extentsSpec(config: AttentionConfig): BufferSpec {
  if (!isVarlen(config))
    return { name: 'absent', dtype: 'u32', axes: ['absent'], shape: [4], role: 'scratch', init: 'zero' };
  const [axes, shape] = [
    ['batch', 'extent'],
    [config.batch, 4],
  ];
  return { name: 'extents', dtype: 'u32', axes, shape, role: 'input', init: extentsOf(config) };
}

/** First query row, queries, first key row and keys of every sequence. */
function extentsOf({ packed, nq, nk, seqlensQ, seqlensK }: AttentionConfig): number[] {
  let [queryRow, keyRow] = [0, 0];
  return seqlensQ.flatMap((queries, sequence) => {
    const keys = seqlensK[sequence]!;
    const extent = [queryRow, queries, keyRow, keys];
    queryRow += packed ? queries : nq;
    keyRow += packed ? keys : nk;
    return extent;
  });
}

/** Where a row's statistics lie: row + head · headStride + sequence · batchStride, the row counted over all sequences. */
export function strides(config: AttentionConfig) {
  const { packed, nq, heads } = config;
  return {
    lse_head_stride: packed ? rowTotals(config)[0] : nq,
    lse_batch_stride: packed ? 0 : (heads - 1) * nq,
  };
}

export const room = ({ packed, nq, nk }: AttentionConfig) => (packed ? { nq: 0, nk: 0 } : { nq, nk });

export function scoring({ windowLeft, windowRight, scale, softcap }: AttentionConfig) {
  return { window_left: windowLeft, window_right: windowRight, scale, softcap };
}

export const extentsBuffer = (config: AttentionConfig) => (isVarlen(config) ? 'extents' : 'absent');

function tiledPass(variant: VariantId, config: AttentionConfig): PassSpec {
  const { heads, kvHeads, batch, nq, br, bc, blockRows, blockCols, headDim } = config;
  const sparse = variant === 'flash-v2-block-sparse';
  return {
    kernel: `${variant}.wgsl`,
    constants: {
      BR: br,
      BC: bc,
      ...(sparse ? { BLOCK_ROWS: blockRows, BLOCK_COLS: blockCols } : {}),
      LANES: lanesPerRow(br, headDim),
      D: headDim,
      VARLEN: isVarlen(config),
    },
    bindings: {
      q: 'q',
      k: 'k',
      v: 'v',
      extents: extentsBuffer(config),
      ...(sparse ? { blockmask: 'blockmask' } : {}),
      out: 'out',
      ...(variant === 'flash-v1' ? { l_rows: 'l', m_rows: 'lse' } : { lse: 'lse' }),
    },
    params: {
      heads,
      kv_heads: kvHeads,
      ...room(config),
      ...scoring(config),
      ...(sparse ? { mask_columns: maskShape(config)[1] } : {}),
      ...strides(config),
    },
    workgroups: [variant === 'flash-v1' ? 1 : Math.max(1, Math.ceil(nq / br)), heads, batch],
  };
}

function standardPasses(config: AttentionConfig): PassSpec[] {
  const { heads, kvHeads, batch, nq, nk, headDim } = config;
  const VARLEN = isVarlen(config);
  const extents = extentsBuffer(config);
  const { BR, BC, LANES } = STANDARD;
  const rows = { ...room(config), row_length: nk, ...strides(config) };
  const blocks: Workgroups = [Math.max(1, Math.ceil(nq / BR)), heads, batch];
  return [
    {
      kernel: 'standard-scores.wgsl',
      constants: { BR, BC, D: headDim, VARLEN },
      bindings: { q: 'q', k: 'k', extents, s: 's' },
      params: { heads, kv_heads: kvHeads, ...rows, ...scoring(config) },
      workgroups: blocks,
    },
    {
      kernel: 'standard-softmax.wgsl',
      constants: { LANES, KEPT: keptScores(config), VARLEN },
      bindings: { s: 's', extents, p: 'p', lse: 'lse' },
      params: rows,
      workgroups: [Math.max(1, nq), heads, batch],
    },
    {
      kernel: 'standard-output.wgsl',
      constants: { BR, BC, D: headDim, VARLEN },
      bindings: { p: 'p', v: 'v', extents, out: 'out' },
      params: { heads, kv_heads: kvHeads, ...rows },
      workgroups: blocks,
    },
  ];
}
