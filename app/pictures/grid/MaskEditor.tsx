// A block mask to paint: press or drag with the pointer; arrows move, space or Enter turns a cell over, Shift with arrows paints on.

import { type CSSProperties, useCallback, useRef, useState } from 'react';
import type { MaskGrid } from '../../exhibit/control.ts';
import { clampIndex } from '../../exhibit/place.ts';
import { BESIDE } from '../../exhibit/walk-keys.ts';
import { PenCanvas } from '../../pens/PenCanvas.tsx';
import type { Pen } from '../../pens/pen.ts';
import './MaskEditor.css';

export interface MaskEditorProps {
  label: string;
  grid: MaskGrid;
  /** Row-major 0/1. */
  cells: readonly number[];
  /** New cells, or the name of one of `grid.patterns`. */
  onChange(value: number[] | string): void;
}

const PAD = 3;

export function MaskEditor({ label, grid, cells, onChange }: MaskEditorProps) {
  const [cursor, setCursor] = useState({ row: 0, column: 0 });
  // What a stroke in progress paints; the mask changes once, when it ends.
  const stroke = useRef<{ value: number; cells: number[] } | null>(null);
  const [draft, setDraft] = useState<number[] | null>(null);
  const shown = draft ?? cells;
  const { rows, columns } = grid;
  const at = { row: Math.min(cursor.row, rows - 1), column: Math.min(cursor.column, columns - 1) };

  const draw = useCallback(
    (pen: Pen) => {
      const { size, left } = layout(pen.width, pen.height, rows, columns);
      pen.rect(left, PAD, size * columns, size * rows, '--surface-2');
      const values = Uint8Array.from(shown, (open) => (open ? 1 : 0));
      if (values.length === rows * columns) {
        pen.pattern(left, PAD, size * columns, size * rows, 'dots', '--tone-fixed');
        pen.cells(left, PAD, size * columns, size * rows, columns, rows, values, PALETTE);
      }
      pen.frame(left, PAD, size * columns, size * rows, '--line-strong');
      pen.frame(left + at.column * size, PAD + at.row * size, size, size, '--accent', 2);
    },
    [shown, rows, columns, at.row, at.column],
  );
  const cellAt = (point: { x: number; y: number; width: number; height: number }) => {
    const { size, left } = layout(point.width, point.height, rows, columns);
    const row = Math.floor((point.y - PAD) / size);
    const column = Math.floor((point.x - left) / size);
    return row >= 0 && column >= 0 && row < rows && column < columns ? { row, column } : null;
  };
  const paint = (row: number, column: number) => {
    if (!stroke.current) return;
    stroke.current.cells[row * columns + column] = stroke.current.value;
    setDraft([...stroke.current.cells]);
    setCursor({ row, column });
  };
  const finish = () => {
    if (stroke.current) onChange(stroke.current.cells);
    stroke.current = null;
    setDraft(null);
  };
  const turn = ({ row, column }: { row: number; column: number }, value: number) => {
    const next = [...cells];
    next[row * columns + column] = value;
    onChange(next);
  };
  const open = cells.reduce((sum, cell) => sum + (cell ? 1 : 0), 0);
  return (
    <fieldset
      className="mask-editor"
      style={{ '--mask-ratio': columns / rows } as CSSProperties}
      onPointerUp={finish}
      onPointerCancel={finish}
    >
      <legend className="visually-hidden">{label}</legend>
      <PenCanvas
        kind="paintable mask"
        live={draw}
        label={`${label}: ${rows} by ${columns} blocks, ${open} of ${rows * columns} open. Arrows move, space turns a block over.`}
        status={`block ${at.row}, ${at.column} ${cells[at.row * columns + at.column] ? 'open' : 'closed'}`}
        onPress={(point) => {
          const cell = cellAt(point);
          if (!cell) return;
          stroke.current = { value: cells[cell.row * columns + cell.column] ? 0 : 1, cells: [...cells] };
          paint(cell.row, cell.column);
        }}
        onPoint={(point) => {
          if (point === null || !point.pressed) return finish();
          const cell = cellAt(point);
          if (cell) paint(cell.row, cell.column);
        }}
        onKey={(key, event) => {
          const here = cells[at.row * columns + at.column] ? 1 : 0;
          if (key === ' ' || key === 'Enter') {
            turn(at, 1 - here);
            return true;
          }
          const step = BESIDE[key];
          if (!step) return false;
          const next = {
            row: clampIndex(at.row + step[0], rows),
            column: clampIndex(at.column + step[1], columns),
          };
          setCursor(next);
          if (event.shiftKey) turn(next, here);
          return true;
        }}
      />
      <div className="mask-editor__patterns">
        {grid.patterns.map((pattern) => (
          <button key={pattern} type="button" onClick={() => onChange(pattern)}>
            {pattern.replaceAll('-', ' ')}
          </button>
        ))}
      </div>
    </fieldset>
  );
}

const PALETTE = [
  { ink: 'none' as const, alpha: 0 },
  { ink: '--tone-inner' as const, alpha: 0.75 },
];

function layout(width: number, height: number, rows: number, columns: number): { size: number; left: number } {
  const size = Math.max(Math.min((width - 2 * PAD) / columns, (height - 2 * PAD) / rows), 1);
  return { size, left: (width - size * columns) / 2 };
}
