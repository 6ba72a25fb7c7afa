// The kernel's own text: line numbers, light colouring, the running step lit, executions, loads and stores per line.

import { type KeyboardEvent, memo, useCallback, useEffect, useRef } from 'react';
import { useKeepInSight } from '../../pens/keep-in-sight.ts';
import { compactCount } from '../../words/quantities.ts';
import type { SourceLine, SourceScene } from './source-scene.ts';
import './CodePane.css';

export interface CodePaneProps {
  scene: SourceScene;
  /** Line selected in any view; null for none. */
  selectedLine: number | null;
  onSelectLine(line: number | null): void;
  onKernel?(kernel: string): void;
  /** Keeps the lit lines in sight while playing. */
  follow?: boolean;
}

export function CodePane({ scene, selectedLine, onSelectLine, onKernel, follow = true }: CodePaneProps) {
  const list = useRef<HTMLDivElement>(null);
  const keepInSight = useKeepInSight(list);
  const [from, to] = scene.focus ?? [0, 0];
  useEffect(() => {
    if (follow && from > 0) keepInSight(from - 1, to - from + 1);
  }, [keepInSight, follow, from, to]);
  useEffect(() => {
    if (selectedLine !== null) keepInSight(selectedLine - 1, 1);
  }, [keepInSight, selectedLine]);

  // The caller's function changes with every tick; the lines keep one that finds the latest.
  const latest = useRef(onSelectLine);
  latest.current = onSelectLine;
  const selectLine = useCallback((line: number | null) => latest.current(line), []);

  const walk = (event: KeyboardEvent) => {
    const by = { ArrowUp: -1, ArrowDown: 1, PageUp: -12, PageDown: 12 }[event.key];
    if (by === undefined && event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    if (by === undefined) onSelectLine(null);
    else onSelectLine(Math.min(Math.max((selectedLine ?? Math.max(from, 1)) + by, 1), scene.lines.length));
  };
  return (
    <div className="code-pane">
      {scene.kernels.length > 1 && onKernel && (
        <fieldset className="code-pane__kernels" aria-label="Kernels of this run">
          {scene.kernels.map((kernel, i) => (
            <button key={kernel} type="button" aria-pressed={kernel === scene.kernel} onClick={() => onKernel(kernel)}>
              {i + 1} {kernel}
            </button>
          ))}
        </fieldset>
      )}
      <div className="code-pane__head" aria-hidden="true">
        <span>{scene.kernel}</span>
        <span title="Executions of the line, all invocations">runs</span>
        <span title="Loads from storage and workgroup memory">loads</span>
        <span title="Stores to storage and workgroup memory">stores</span>
      </div>
      <div
        ref={list}
        className="code-pane__lines"
        role="listbox"
        aria-label={`${scene.kernel}, ${scene.lines.length} lines; arrows select a line`}
        aria-activedescendant={selectedLine === null ? undefined : `line-${scene.kernel}-${selectedLine}`}
        tabIndex={0}
        onKeyDown={walk}
      >
        {chunksOf(scene.lines).map((lines) => {
          const first = lines[0]!.number;
          const past = first + lines.length;
          const inChunk = selectedLine !== null && selectedLine >= first && selectedLine < past;
          return (
            <Chunk
              key={first}
              kernel={scene.kernel}
              lines={lines}
              lit={litMask(scene.lit, first, lines.length)}
              selected={inChunk ? selectedLine : null}
              onSelect={selectLine}
            />
          );
        })}
      </div>
    </div>
  );
}

/** Lines in one memoised piece: a step lights a few of them, and the others are not looked at while playing. */
const CHUNK = 16;

const chunks = new WeakMap<readonly SourceLine[], SourceLine[][]>();

/** The same pieces for the same lines. */
function chunksOf(lines: readonly SourceLine[]): SourceLine[][] {
  let known = chunks.get(lines);
  if (!known) {
    known = Array.from({ length: Math.ceil(lines.length / CHUNK) }, (_, i) => lines.slice(i * CHUNK, (i + 1) * CHUNK));
    chunks.set(lines, known);
  }
  return known;
}

/** Bit i is set where line `first + i` is lit. */
function litMask(lit: ReadonlySet<number>, first: number, count: number): number {
  let mask = 0;
  for (let i = 0; i < count; i++) if (lit.has(first + i)) mask |= 1 << i;
  return mask;
}

interface ChunkProps {
  kernel: string;
  lines: SourceLine[];
  lit: number;
  selected: number | null;
  onSelect(line: number | null): void;
}

const Chunk = memo(function Chunk({ kernel, lines, lit, selected, onSelect }: ChunkProps) {
  return lines.map((line, i) => (
    <Line
      key={line.number}
      id={`line-${kernel}-${line.number}`}
      line={line}
      lit={(lit & (1 << i)) !== 0}
      selected={line.number === selected}
      onSelect={onSelect}
    />
  ));
});

interface LineProps {
  id: string;
  line: SourceLine;
  lit: boolean;
  selected: boolean;
  onSelect(line: number | null): void;
}

const Line = memo(function Line({ id, line, lit, selected, onSelect }: LineProps) {
  const { number, baked } = line;
  const classes = [
    'code-line',
    lit && 'code-line--lit',
    selected && 'code-line--selected',
    baked && 'code-line--baked',
    line.past && 'code-line--past',
  ];
  return (
    // biome-ignore lint/a11y/useFocusableInteractive lint/a11y/useKeyWithClickEvents: the list box holds the focus and the keys
    <div
      id={id}
      role="option"
      aria-selected={selected}
      className={classes.filter(Boolean).join(' ')}
      onClick={() => onSelect(selected ? null : number)}
    >
      <LineContent line={line} />
    </div>
  );
});

/** What no step changes. */
const LineContent = memo(function LineContent({ line }: { line: SourceLine }) {
  const { number, tokens, executions, loads, stores, past } = line;
  return (
    <>
      <span className="code-line__number">{number}</span>
      <code
        className="code-line__text"
        title={tokens
          .map(({ text }) => text)
          .join('')
          .trim()}
      >
        {past && <span className="code-line__past">! {compactCount(past)}× past the end</span>}
        {tokens.map(({ text, kind }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: tokens of a line never move
          <span key={i} className={`code-${kind}`}>
            {text}
          </span>
        ))}
      </code>
      <Count value={executions} />
      <Count value={loads || null} />
      <Count value={stores || null} />
    </>
  );
});

function Count({ value }: { value: number | null }) {
  return (
    <span className="code-line__count" title={value === null ? undefined : value.toLocaleString('en')}>
      {value === null ? '' : compactCount(value)}
    </span>
  );
}
