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
