// What a stack is made of: a way in (tokens), blocks, a way out (readout). Each kind of one is a file that says all that it owes: what can
// be set, which weights and states it has, which dispatches it makes, what it computes by definition, what it costs.

import type { z } from '../core/schema.ts';
import type { DType } from '../core/tensor.ts';
import type { Limits } from '../mechanisms/mechanism.ts';
import type { Composition } from './composition.ts';

/** How a stack tells its tokens' places. */
export interface Positions {
  kind: 'none' | 'learned' | 'sinusoidal' | 'rope' | 'alibi';
  /** Pairs of channels that rope turns: i with i + d/2, or 2i with 2i + 1. */
  layout: 'half' | 'interleaved';
  /** Base of rope's wavelengths. */
  theta: number;
  scaling: 'default' | 'linear' | 'dynamic';
  /** Of the scaling. */
  factor: number;
}

/** What all parts of a stack share. */
export interface StackSize {
  /** Sequences that a run takes in at once; 1 where tokens go on one by one. */
  batch: number;
  /** Tokens that a sequence has room for: rows of the residual stream and of every cache. */
  context: number;
  /** Channels of the residual stream. */
  width: number;
  /** Added to the variance in norms. */
  epsilon: number;
  positions: Positions;
}

export interface Weight {
  axes: readonly string[];
  shape: readonly number[];
  title: string;
  /** What it is filled with where no weights are given; seeded normal numbers over √(last extent) where absent. */
  fill?: number;
}

/** What a Session keeps from token to token. */
export interface State {
  axes: readonly string[];
  shape: readonly number[];
  title: string;
  /** 'rows': a row for every token, which a shorter sequence simply does not read; 'whole': one value for all tokens before. */
  keeps: 'rows' | 'whole';
}

export interface Constant {
  axes: readonly string[];
  shape: readonly number[];
  values: readonly number[];
}

/** What a part makes beside what it hands on. */
export interface Output {
  axes: readonly string[];
  shape: readonly number[];
  title: string;
  /** Whether its first axis has a place for every token that a run has room for. */
  ofTokens?: boolean;
  /** f32 where absent. */
  dtype?: DType;
  /** It passes between kernels: the next block's takes its place. */
  passing?: true;
  /** Float64, by definition. @param x rows of the stream before the part */
  reference(weights: Weights64, x: ArrayLike<number>): Float64Array;
}

export interface Input {
  axes: readonly string[];
  shape: readonly number[];
  dtype: DType;
  title: string;
}

/** Products summed and bytes kept, by formula. */
export interface PartCost {
  /** Multiplications of two numbers that are summed, for a run of `tokens` tokens after `position` others. */
  multiplies(tokens: number, position: number): number;
}

export type Weights64 = Readonly<Record<string, ArrayLike<number>>>;

export interface PartKind<K extends object = object> {
  kind: string;
  title: string;
  /** One plain line: what it does, for somebody who has never met it. */
  summary: string;
  /** What can be set, beside `kind`. */
  keys: z.ZodMiniType<K>;
  /** Refuses what does not go together. @throws EngineError */
  accept?(keys: K, size: StackSize): void;
  /** Of the ways in: what comes in, by its name in the whole. */
  inputs?(keys: K, size: StackSize): Record<string, Input>;
  /** Of the ways in of a picture: tokens that come of it, which are the stack's context. */
  tokens?(keys: K): number;
  /** What can be read beside what it hands on, by its name in the whole; of a block, by that behind its place. A stack reads that of its way out. */
  outputs?(keys: K, size: StackSize): Record<string, Output>;
  /** Numbers that follow from the config, by the names that stand behind the part's place. */
  constants?(keys: K, size: StackSize): Record<string, Constant>;
  /** By the names that stand behind the part's place: `blocks.2.`, say. */
  weights(keys: K, size: StackSize): Record<string, Weight>;
  states?(keys: K, size: StackSize): Record<string, State>;
  /** Whether a token sees those before it alone, so that the stack can go on token by token. */
  isCausal?(keys: K): boolean;
  /** Adds its dispatches: from the stream before it to the stream after it. */
  compile(keys: K, size: StackSize, to: Composition, limits: Limits): void;
  /**
   * Float64, by definition, of one whole sequence; shares no code with the kernels.
   *
   * @param x rows of the stream before it, [rows, width]; of a way in: its input
   * @returns rows of the stream after it; of a way out: what it reads of every row or of the whole
   */
  reference(keys: K, size: StackSize, weights: Weights64, x: ArrayLike<number>): Float64Array;
  cost(keys: K, size: StackSize): PartCost;
}
