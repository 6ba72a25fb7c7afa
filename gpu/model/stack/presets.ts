// Stacks to begin with. Those that were trained for this project name the folder of their weights, which brings a config of its own.

import type { StackConfig } from './config.ts';

export interface StackPreset {
  id: string;
  title: string;
  /** One plain line. */
  summary: string;
  config: Omit<StackConfig, 'positions' | 'normEpsilon'> & { positions: { kind: string }; normEpsilon?: number };
  /** Folder of public/models. */
  trained?: string;
}

const repeat = <T>(count: number, make: (layer: number) => T[]): T[] =>
  Array.from({ length: count }, (_, layer) => make(layer)).flat();

const CHARACTERS = { kind: 'characters', vocabulary: 80 };
const BYTES = { kind: 'bytes', vocabulary: 256 };
const READOUT = { kind: 'next-token', classes: 256 };

export const stackPresets: readonly StackPreset[] = [
  {
    id: 'gpt',
    title: 'GPT',
    summary: 'Attention and feed-forward by turns, a learned row for every position, layer norm: as GPT-2.',
    trained: 'gpt-moby',
    config: {
      tokens: CHARACTERS,
      width: 128,
      positions: { kind: 'learned' },
      blocks: repeat(3, () => [
        { kind: 'attention', heads: 4, bias: true },
        { kind: 'mlp', hidden: 512, activation: 'gelu-tanh', bias: true },
      ]),
      readout: { kind: 'next-token', classes: 80 },
      context: 256,
    },
  },
  {
    id: 'llama',
    title: 'LLaMA-like',
    summary:
      'Queries share heads of keys two by two, positions turn queries and keys, the feed-forward has gates: as Llama.',
    trained: 'llama-moby',
    config: {
      tokens: CHARACTERS,
      width: 128,
      positions: { kind: 'rope' },
      blocks: repeat(3, () => [
        { kind: 'attention', norm: 'rms', heads: 4, kvHeads: 2 },
        { kind: 'mlp', norm: 'rms', hidden: 344, activation: 'swiglu' },
      ]),
      readout: { kind: 'next-token', norm: 'rms', classes: 80 },
      context: 256,
    },
  },
  {
    id: 'primer',
    title: 'Primer',
    summary: 'GPT whose queries, keys and values also look two tokens back, and whose units are squared.',
    trained: 'primer-moby',
    config: {
      tokens: CHARACTERS,
      width: 128,
      positions: { kind: 'rope' },
      blocks: repeat(3, () => [
        { kind: 'attention', heads: 4, bias: true, qkvConv: 3 },
        { kind: 'mlp', hidden: 512, activation: 'relu2', bias: true },
      ]),
      readout: { kind: 'next-token', classes: 80 },
      context: 256,
    },
  },
  {
    id: 'mamba2',
    title: 'Mamba-2',
    summary: 'Three scans, no attention and no positions: what is kept of a text has one size, however long it gets.',
    trained: 'mamba2-moby',
    config: {
      tokens: CHARACTERS,
      width: 128,
      positions: { kind: 'none' },
      blocks: repeat(3, () => [
        { kind: 'mamba2', norm: 'rms', inner: 256, heads: 8, headDim: 32, states: 16, conv: 4 },
      ]),
      readout: { kind: 'next-token', norm: 'rms', classes: 80 },
      context: 256,
    },
  },
  {
    id: 'jamba',
    title: 'Jamba',
    summary:
      'Eight layers, one of them attention and seven Mamba, with experts in every second: one cache in eight grows.',
    trained: 'jamba-moby',
    config: {
      tokens: CHARACTERS,
      width: 64,
      positions: { kind: 'none' },
      blocks: repeat(8, (layer) => [
        layer === 4
          ? { kind: 'attention', norm: 'rms', heads: 4, kvHeads: 2 }
          : { kind: 'mamba', norm: 'rms', inner: 128, states: 16, conv: 4, dtRank: 4, innerNorms: true },
        layer % 2 === 1
          ? { kind: 'moe', norm: 'rms', experts: 4, topK: 2, hidden: 96 }
          : { kind: 'mlp', norm: 'rms', hidden: 96, activation: 'swiglu' },
      ]),
      readout: { kind: 'next-token', norm: 'rms', classes: 80 },
      context: 256,
    },
  },
  {
    id: 'wide',
    title: 'Wide',
    summary:
      'One layer with all the heads of four: as many products in attention, a quarter of the feed-forward, one step of depth.',
    config: {
      tokens: BYTES,
      width: 64,
      positions: { kind: 'learned' },
      blocks: [
        { kind: 'attention', heads: 8, headDim: 32 },
        { kind: 'mlp', hidden: 256 },
      ],
      readout: READOUT,
      context: 256,
    },
  },
];
