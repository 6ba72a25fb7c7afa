// The public API (DESIGN section 3): headless; used alike by the page, the tests and the benchmarks.
export type * from './runtime/api.ts';
