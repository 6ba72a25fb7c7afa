// Where a point falls in boxes of cells that lie beside or above one another: a finger in the gap between two is meant for the nearer one.

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Distance of a point from an interval; 0 within. */
const away = (at: number, from: number, length: number) => Math.max(from - at, at - (from + length), 0);

/** Cell of `count` along a side, that of the nearer end beyond it. */
const cellAt = (at: number, from: number, length: number, count: number) =>
  Math.min(Math.max(Math.floor(((at - from) / length) * count), 0), count - 1);

/**
 * The cell under a point, or the nearest of the nearest box at most `reach` pixels away.
 *
 * @param cells how many a box has, from top to bottom and from left to right
 */
export function nearestCell(
  boxes: readonly Box[],
  cells: (box: number) => { rows: number; columns: number },
  { x, y }: { x: number; y: number },
  reach: number,
): { box: number; row: number; column: number } | null {
  const distances = boxes.map((box) => Math.hypot(away(x, box.x, box.width), away(y, box.y, box.height)));
  const box = distances.indexOf(Math.min(...distances));
  if (box < 0 || distances[box]! > reach) return null;
  const { rows, columns } = cells(box);
  if (rows * columns === 0) return null;
  const own = boxes[box]!;
  return { box, row: cellAt(y, own.y, own.height, rows), column: cellAt(x, own.x, own.width, columns) };
}
