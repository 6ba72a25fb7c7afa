// Closed-form counts of the prefill: the sum over its kernels.

import { causalConv1d } from '../../primitives/causal-conv1d/causal-conv1d.ts';
import { mergeRows, row, sequentialCost } from '../../primitives/sequential-scan/cost.ts';
import type { BufferCount, Totals } from '../mechanism.ts';
import type { BlockConfig } from './config.ts';
import { convConfig, PROJECT_DEPTH, PROJECT_LANES, PROJECT_ROWS, plan, scanConfig } from './plan.ts';

interface Map {
  x: string;
  weight: string;
  y: string;
  inputs: number;
  outputs: number;
}

/** Every block of time steps reads W once; every group of ROWS outputs reads x once. */
function projectRows({ batch, seqlen }: BlockConfig, { x, weight, y, inputs, outputs }: Map): BufferCount[] {
  const weights = batch * Math.ceil(seqlen / PROJECT_LANES) * inputs * outputs;
  return [
    row(x, batch * seqlen * inputs * Math.ceil(outputs / PROJECT_ROWS), 0),
    row(weight, weights, 0),
    row(y, 0, batch * seqlen * outputs),
    row('tile', batch * seqlen * inputs * outputs, weights),
  ];
}

const rename = (rows: readonly BufferCount[], names: Record<string, string>): BufferCount[] =>
  rows.map((each) => ({ ...each, buffer: names[each.buffer] ?? each.buffer }));

export function cost(config: BlockConfig): Totals {
  const { batch, dim, seqlen, dstate, deltaRank, outDim, dModel, inProj, mode } = config;
  const rows = deltaRank + 2 * dstate;
  const held = mode === 's4';
  const scan = sequentialCost(scanConfig(config), 'sequential');
  const conv = causalConv1d.cost('direct', convConfig(config, seqlen, false));
  const hold = (name: string, elements: number) => [row(name, elements, 0), row(`${name}_held`, 0, elements)];
  const buffers = mergeRows([
    ...(inProj
      ? projectRows(config, { x: 'hidden_states', weight: 'in_proj_weight', y: 'xz', inputs: dModel, outputs: 2 * dim })
      : []),
    ...rename(conv.buffers, {
      ...{ x: 'xz', weight: 'conv1d_weight', bias: 'conv1d_bias', out: 'xc', final_states: 'conv_state' },
    }),
    ...projectRows(config, { x: 'xc', weight: 'x_proj_weight', y: 'x_dbl', inputs: dim, outputs: rows }),
    ...projectRows(config, { x: 'x_dbl', weight: 'delta_proj_weight', y: 'delta', inputs: deltaRank, outputs: dim }),
    ...(held ? [...hold('delta', batch * dim * seqlen), ...hold('x_dbl', batch * rows * seqlen)] : []),
    ...rename(scan.buffers, {
      ...{ u: 'xc', z: 'xz', out: 'y', last_state: 'ssm_state' },
      ...{ delta: held ? 'delta_held' : 'delta', bc: held ? 'x_dbl_held' : 'x_dbl' },
    }),
    ...projectRows(config, { x: 'y', weight: 'out_proj_weight', y: 'out', inputs: dim, outputs: outDim }),
  ]);
  const own = plan('fused', config).buffers.filter(
    ({ role, name }) => role === 'scratch' && name !== 'unused' && !name.endsWith('_step'),
  );
  return {
    buffers,
    workgroupBytes: Math.max(scan.workgroupBytes, 4 * PROJECT_ROWS * PROJECT_DEPTH),
    extraBytes: own.reduce((bytes, { shape }) => bytes + 4 * shape.reduce((a, b) => a * b, 1), 0),
    events: scan.events,
  };
}

/** Bytes that a decode step keeps of everything before it, whatever its length. */
export function stateBytes({
  batch,
  dim,
  dstate,
  width,
}: Pick<BlockConfig, 'batch' | 'dim' | 'dstate' | 'width'>): number {
  return 4 * batch * dim * (dstate + width - 1);
}
