// What is selected: one place in a run, shared by all views.

/** One selection, shared by all views; each view highlights what it can of it. */
export type Selection =
  | { kind: 'row'; batch: number; head: number; row: number }
  | { kind: 'tile'; batch: number; head: number; q0: number; k0: number }
  | { kind: 'element'; buffer: string; index: number }
  | { kind: 'workgroup'; dispatch: number; workgroup: number }
  | { kind: 'line'; kernel: string; line: number }
  | { kind: 'buffer'; buffer: string }
  | { kind: 'length'; length: number };

/**
 * One place in a run, shared by all views; each highlights what it can of it. `at` names axes: the tensors' own (BufferSpec.axes), and
 * those that records have coordinates on.
 */
export type Place =
  | {
      kind: 'at' /** Where it is an element of this tensor, not a place on the axes alone. */;
      tensor?: string;
      at: Readonly<Record<string, number>>;
    }
  | { kind: 'workgroup'; dispatch: number; workgroup: number }
  | { kind: 'line'; kernel: string; line: number }
  | { kind: 'buffer'; buffer: string };
