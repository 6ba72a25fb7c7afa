// What a sentence and a dropped file become in an exhibit. A file's tensors go by their names and shapes to the inputs of the mechanism,
// whatever it is; here stands what is not plain about that.

import type { Tensor } from '#gpu/core/tensor.ts';
import type { Config } from '#gpu/mechanisms/mechanism.ts';

/** What a sentence became, before it runs. */
export interface SentenceInputs {
  tensors: Record<string, Tensor>;
  /** As it was set. */
  config: Config;
  limits: Record<string, number>;
}

export interface FittedInputs {
  tensors: Record<string, Tensor>;
  chosen: Record<string, number>;
}

export interface Reads {
  /** Absent where the exhibit reads no sentences: the set-up panel says so. */
  sentence?: {
    /**
     * Who makes inputs of it: the mechanism itself (`Mechanism.readText`), or the page's sentence encoder, which gives queries, keys and
     * values [1, tokens, 1, channels] for these inputs.
     */
    by: 'mechanism' | { query: string; key: string; value: string };
    /** What becomes of it: said below its box. */
    hint?: string;
    /** Takes of the inputs what the settings ask for, and says which settings suit what is left where nobody chose any. */
    settle?(given: SentenceInputs): Promise<FittedInputs>;
    /** Settings that decide what is taken: with others of them it is other inputs. */
    taken?: readonly string[];
  };
  file?: {
    /** Names under which other programs save an input → its own: 'query' → 'q'. */
    aliases?: Readonly<Record<string, string>>;
    /** Axes that a tensor of a file may have, by input: the mechanism's own first; what a shorter form lacks has the extent 1. */
    forms?: Readonly<Record<string, readonly (readonly string[])[]>>;
    /** Inputs that a .npy holds, stacked along its first axis. Without it a .npy is the one input that is needed. */
    stacked?: readonly string[];
    /** Config keys that say what seeded inputs are, and nothing of others: left out where a file has them. */
    seeded?: readonly string[];
  };
}
