// Block masks by name, for the block-sparse variant.
// Sources: Beltagy et al. 2020 (arXiv:2004.05150) for local + global; Dao et al. 2022 (arXiv:2205.14135, section 3.3) for fixed
// butterfly sparsity.

export const patterns = ['full', 'local-global', 'butterfly', 'causal-blocks', 'diagonal', 'empty'] as const;
export type Pattern = (typeof patterns)[number];

interface Geometry {
  nq: number;
  nk: number;
  blockRows: number;
  blockCols: number;
}

type Rule = (row: number, column: number, rows: number, columns: number, geometry: Geometry) => boolean;

/** Block column that the diagonal of the scores crosses in the middle of block `row`; it ends in the bottom-right corner. */
function diagonal(row: number, columns: number, { nq, nk, blockRows, blockCols }: Geometry): number {
  const middle = Math.min(nq - 1, row * blockRows + blockRows / 2) + nk - nq;
  return Math.min(columns - 1, Math.max(0, Math.floor(middle / blockCols)));
}

const rules: Record<Pattern, Rule> = {
  full: () => true,
  /** One block either side of the diagonal, and the first block row and column, which everyone sees and which see everyone. */
  'local-global': (row, column, _rows, columns, geometry) =>
    row === 0 || column === 0 || Math.abs(column - diagonal(row, columns, geometry)) <= 1,
  /** Blocks whose row and column differ in at most one binary digit: the union of the factors of a butterfly matrix. */
  butterfly: (row, column, _rows, columns, geometry) => {
    const difference = diagonal(row, columns, geometry) ^ column;
    return (difference & (difference - 1)) === 0;
  },
  'causal-blocks': (row, column, _rows, columns, geometry) => column <= diagonal(row, columns, geometry),
  diagonal: (row, column, _rows, columns, geometry) => column === diagonal(row, columns, geometry),
  empty: () => false,
};

/**
 * @param shape [block rows, block columns]
 * @returns row-major 0/1
 */
export function patternMask(pattern: Pattern, geometry: Geometry, [rows, columns]: [number, number]): (0 | 1)[] {
  const rule = rules[pattern];
  return Array.from({ length: rows * columns }, (_, index) =>
    rule(Math.floor(index / columns), index % columns, rows, columns, geometry) ? 1 : 0,
  );
}
