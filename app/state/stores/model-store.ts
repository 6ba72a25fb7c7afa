// The store of the models place: the stack that is built, with undo and redo, the text, and what the last run said.

import { createStore } from 'zustand/vanilla';
import type { Choice, Sampling } from '#gpu/generation/sampling.ts';
import type { StackConfig } from '#gpu/model/stack/config.ts';
import type { TextCodec } from '#gpu/model/texts.ts';

/** A config before its schema: defaults may be left out. */
export type RawStack = Pick<StackConfig, 'tokens' | 'width' | 'blocks' | 'readout' | 'context'> & {
  positions: { kind: string; readonly [key: string]: unknown };
  normEpsilon?: number;
};

/** What is in the link. */
export interface Build {
  /** The preset that it began as, whose trained weights it has as long as nothing was changed. */
  preset: string;
  /** Of the preset where null. */
  stack: RawStack | null;
  prompt: string;
  seed: number;
  sampling: Sampling;
  /** Tokens to make. */
  most: number;
}

export interface MadeToken {
  id: number;
  text: string;
  /** Of the prompt: nobody drew it. */
  given: boolean;
  /** Likeliest first; of what was drawn after it, none for a token of the prompt. */
  choices: readonly Choice[];
  /** Milliseconds of the run that took the token in, by the wall clock, read-back included; null for tokens of the prompt but its last. */
  ms: number | null;
}

/** Where the weights come from. */
export type Weights =
  | { kind: 'untrained' }
  | { kind: 'loading'; share: number }
  | { kind: 'trained'; title: string; result: string }
  /** A changed stack: tensors of the same name and shape are the trained ones, the others from the seed. */
  | { kind: 'changed'; title: string; kept: number; all: number };

export type Work =
  | { kind: 'idle' }
  | { kind: 'preparing'; what: string }
  | { kind: 'making' }
  | { kind: 'failed'; message: string; field?: string };

export interface ModelState {
  build: Build;
  past: readonly Build[];
  future: readonly Build[];
  weights: Weights;
  work: Work;
  tokens: readonly MadeToken[];
  /** Bytes that the Session keeps on the device, by buffer; null while none is open. */
  bytes: Readonly<Record<string, number>> | null;
  /** How the tokens that are shown are read; null before the first run. */
  codec: TextCodec | null;
  /** Characters of the prompt that are in no token. */
  unknown: readonly string[];
  /** Whether the device is a processor that imitates one; null before it is known. */
  isSoftware: boolean | null;
  change(patch: Partial<Build>, field?: string): void;
  undo(): void;
  redo(): void;
}

/** What a visit without a link begins with. */
export const sampleDefaults: Build = {
  preset: 'gpt',
  stack: null,
  prompt: 'Call me Ishmael. ',
  seed: 1,
  sampling: { temperature: 0.8, topK: 0, topP: 0.95 },
  most: 120,
};

const HISTORY_LIMIT = 100;
/** Changes of one field closer together than this are one step of undo. */
const COALESCE_MS = 700;

export type ModelStore = ReturnType<typeof createModelStore>;

export function createModelStore(build: Build, now: () => number = () => performance.now()) {
  let last: { field: string | undefined; time: number } = { field: undefined, time: Number.NEGATIVE_INFINITY };
  return createStore<ModelState>()((set, get) => ({
    build,
    past: [],
    future: [],
    weights: { kind: 'untrained' },
    work: { kind: 'idle' },
    tokens: [],
    bytes: null,
    codec: null,
    unknown: [],
    isSoftware: null,
    change(patch, field) {
      const { build: before, past } = get();
      const time = now();
      const continues =
        field !== undefined && field === last.field && time - last.time < COALESCE_MS && past.length > 0;
      last = { field, time };
      set({
        build: { ...before, ...patch },
        past: continues ? past : [...past, before].slice(-HISTORY_LIMIT),
        future: [],
      });
    },
    undo() {
      const { build: now_, past, future } = get();
      const before = past.at(-1);
      if (!before) return;
      last = { ...last, field: undefined };
      set({ build: before, past: past.slice(0, -1), future: [now_, ...future] });
    },
    redo() {
      const { build: now_, past, future } = get();
      const [after, ...rest] = future;
      if (!after) return;
      last = { ...last, field: undefined };
      set({ build: after, past: [...past, now_], future: rest });
    },
  }));
}
