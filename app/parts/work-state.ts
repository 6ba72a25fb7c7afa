/** Where a piece of work stands. Old results stay on screen (dimmed) while `running` or `failed`. */
export type WorkState =
  | { kind: 'empty'; message?: string }
  | { kind: 'running' /** 0 … 1, absent when unknown. */; share?: number; label?: string; onCancel?(): void }
  | { kind: 'failed'; message: string; onRetry?(): void }
  | { kind: 'ready' };
