// The sizes of a picture on its way through the tokenizer.

import { requireWindows, type Windows, windowsAlong } from '../conv2d/windows.ts';

/** Convolutions that there may be. */
export const MOST_LAYERS = 4;

export interface TokenizerConfig {
  /** Pictures. */
  batch: number;
  /** Planes of a picture. */
  inChannels: number;
  height: number;
  width: number;
  /** Convolutions, each with its ReLU and its pooling. */
  layers: number;
  /** Planes between two convolutions. */
  inPlanes: number;
  /** Planes of the last: channels of a token. */
  outChannels: number;
  kernel: number;
  stride: number;
  padding: number;
  /** Whether every convolution is followed by pooling. */
  maxPool: boolean;
  poolKernel: number;
  poolStride: number;
  poolPadding: number;
  activation: 'relu' | 'none';
}

export const poolOf = ({ poolKernel, poolStride, poolPadding }: TokenizerConfig): Windows => ({
  kernel: poolKernel,
  stride: poolStride,
  padding: poolPadding,
});

export interface Stage {
  /** Planes before the convolution and after it. */
  planes: number;
  outPlanes: number;
  /** Extents before the convolution, before the pooling, after it. */
  before: { height: number; width: number };
  filtered: { height: number; width: number };
  after: { height: number; width: number };
}

/** Of every convolution, in order. Extents are none where windows do not fit. */
export function stagesOf(config: TokenizerConfig): Stage[] {
  const { layers, inChannels, inPlanes, outChannels, maxPool } = config;
  const shrink = ({ height, width }: Stage['before'], windows: Windows) => ({
    height: windowsAlong(height, windows),
    width: windowsAlong(width, windows),
  });
  const stages: Stage[] = [];
  for (let i = 0; i < layers; i++) {
    const before = stages[i - 1]?.after ?? { height: config.height, width: config.width };
    const filtered = shrink(before, config);
    const after = maxPool ? shrink(filtered, poolOf(config)) : filtered;
    const [planes, outPlanes] = [i === 0 ? inChannels : inPlanes, i === layers - 1 ? outChannels : inPlanes];
    stages.push({ planes, outPlanes, before, filtered, after });
  }
  return stages;
}

/** @throws EngineError bad-config where some windows do not fit */
export function requireStages(config: TokenizerConfig): void {
  for (const { before, filtered } of stagesOf(config)) {
    requireWindows(config, before);
    if (config.maxPool) requireWindows(poolOf(config), filtered, 'poolKernel');
  }
}
