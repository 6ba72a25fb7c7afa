// What becomes of a sentence or a dropped file, where that is not plain: a file's tensors go by their names and shapes to the inputs of
// the plan, whatever the mechanism.

export interface Reads {
  /** Present where the set-up panel offers a sentence. */
  sentence?: {
    /**
     * Who makes inputs of it: the mechanism itself (`Mechanism.readText`), or the page's sentence encoder, which gives queries, keys and
     * values [1, tokens, 1, channels] for these inputs.
     */
    by: 'mechanism' | { query: string; key: string; value: string };
    /** What becomes of it: said below its box. */
    hint?: string;
  };
  /** Names under which other programs save an input → its own: 'query' → 'q'. */
  aliases?: Readonly<Record<string, string>>;
}
