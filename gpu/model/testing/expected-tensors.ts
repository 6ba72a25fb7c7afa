// The names and shapes that a config asks for, written down apart from the loader and the stack: what a manifest is compared with.

import type { TrainedConfig } from '../trained-config.ts';

type Shapes = [name: string, shape: number[]][];

export function expectedTensors(config: TrainedConfig): Map<string, number[]> {
  const { width, context, readout } = config;
  return new Map([
    ...tokens(config),
    ...(config.positions.kind === 'learned' ? [['positions.table', [context, width]] as [string, number[]]] : []),
    ...config.blocks.flatMap((block, i) => {
      const own = block.kind === 'cct' ? [] : norm('norm', block.norm, width);
      return [...own, ...ofBlock(block, width)].map(
        ([name, shape]) => [`blocks.${i}.${name}`, shape] as [string, number[]],
      );
    }),
    ...(readout.norm === 'none' ? [] : norm('readout.norm', readout.norm, width)),
    ...(readout.kind === 'seqpool' ? linear('readout.pool', 1, width) : []),
    ...linear('readout', readout.classes ?? symbols(config), width, readout.kind !== 'next-token'),
  ]);
}

function symbols({ tokens }: TrainedConfig): number {
  if ('vocabulary' in tokens) return tokens.vocabulary;
  throw new Error('pictures have classes');
}

const linear = (name: string, out: number, into: number, bias = true): Shapes => [
  [`${name}.weight`, [out, into]],
  ...(bias ? ([[`${name}.bias`, [out]]] as Shapes) : []),
];

const norm = (name: string, kind: 'layer' | 'rms', width: number): Shapes => [
  [`${name}.weight`, [width]],
  ...(kind === 'layer' ? ([[`${name}.bias`, [width]]] as Shapes) : []),
];

function tokens({ tokens, width, readout }: TrainedConfig): Shapes {
  const first: Shapes = readout.kind === 'class-token' ? [['tokens.class', [width]]] : [];
  switch (tokens.kind) {
    case 'characters':
    case 'bytes':
      return [...first, ['tokens.embedding', [tokens.vocabulary, width]]];
    case 'patches':
      return [...first, ...linear('tokens.projection', width, tokens.patch ** 2 * tokens.channels)];
    case 'image':
      return tokens.convs.map(({ channels, kernel }, i) => {
        const before = tokens.convs[i - 1]?.channels ?? tokens.channels;
        return [`tokens.convs.${i}.weight`, [channels, before, kernel, kernel]];
      });
  }
}

function ofBlock(block: TrainedConfig['blocks'][number], width: number): Shapes {
  switch (block.kind) {
    case 'attention': {
      const [rows, shared] = [block.heads * block.headDim, block.kvHeads * block.headDim];
      const taps: Shapes = [
        ['q_conv', [block.qkvConv, rows]],
        ['k_conv', [block.qkvConv, shared]],
        ['v_conv', [block.qkvConv, shared]],
      ];
      return [
        ...linear('q_proj', rows, width, block.bias),
        ...linear('k_proj', shared, width, block.bias),
        ...linear('v_proj', shared, width, block.bias),
        ...linear('o_proj', width, rows, block.bias),
        ...(block.qkvConv ? taps : []),
      ];
    }
    case 'mlp':
      return [
        ...linear('up_proj', block.hidden, width, block.bias),
        ...linear('down_proj', width, block.hidden, block.bias),
        ...(block.activation === 'swiglu' ? linear('gate_proj', block.hidden, width, block.bias) : []),
      ];
    case 'moe':
      return [
        ['router.weight', [block.experts, width]],
        ['gate_proj', [block.experts, block.hidden, width]],
        ['up_proj', [block.experts, block.hidden, width]],
        ['down_proj', [block.experts, width, block.hidden]],
      ];
    case 'mamba':
      return [
        ...linear('in_proj', 2 * block.inner, width, false),
        ['conv1d.weight', [block.inner, 1, block.conv]],
        ['conv1d.bias', [block.inner]],
        ...linear('x_proj', block.dtRank + 2 * block.states, block.inner, false),
        ...linear('dt_proj', block.inner, block.dtRank),
        ['A_log', [block.inner, block.states]],
        ['D', [block.inner]],
        ...linear('out_proj', width, block.inner, false),
        ['dt_layernorm.weight', [block.dtRank]],
        ['b_layernorm.weight', [block.states]],
        ['c_layernorm.weight', [block.states]],
      ];
    case 'mamba2': {
      const mixed = block.inner + 2 * block.states;
      return [
        ...linear('in_proj', block.inner + mixed + block.heads, width, false),
        ['conv1d.weight', [mixed, 1, block.conv]],
        ['conv1d.bias', [mixed]],
        ['dt_bias', [block.heads]],
        ['A_log', [block.heads]],
        ['D', [block.heads]],
        ['gate_norm.weight', [block.inner]],
        ...linear('out_proj', width, block.inner, false),
      ];
    }
    case 'cct':
      return [
        ...norm('pre_norm', 'layer', width),
        ...linear('self_attn.qkv', 3 * width, width, false),
        ...linear('self_attn.proj', width, width),
        ...norm('norm1', 'layer', width),
        ...linear('linear1', block.hidden, width),
        ...linear('linear2', width, block.hidden),
      ];
  }
}
