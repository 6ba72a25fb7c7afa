// The kernel's own text: line numbers, light colouring, the running step lit, executions, loads and stores per line.

import { type KeyboardEvent, memo, useEffect, useRef } from 'react';
import { compactCount } from './quantities.ts';
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
  const [from, to] = scene.focus ?? [0, 0];
  useEffect(() => {
    if (follow && from > 0 && list.current) keepInSight(list.current, from - 1, to - from + 1);
  }, [follow, from, to]);
  useEffect(() => {
    if (selectedLine !== null && list.current) keepInSight(list.current, selectedLine - 1, 1);
  }, [selectedLine]);

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
        {scene.lines.map((line) => (
          <Line
            key={line.number}
            id={`line-${scene.kernel}-${line.number}`}
            line={line}
            lit={scene.lit.has(line.number)}
            selected={line.number === selectedLine}
            onSelect={onSelectLine}
          />
        ))}
      </div>
    </div>
  );
}

/** Scrolls only when the lines are out of sight, and never the page. */
function keepInSight(list: HTMLElement, first: number, count: number): void {
  const top = (list.children[first] as HTMLElement | undefined)?.offsetTop;
  const height = (list.children[first] as HTMLElement | undefined)?.offsetHeight ?? 0;
  if (top === undefined) return;
  const shown = Math.min(count * height, list.clientHeight);
  if (top < list.scrollTop) list.scrollTop = top;
  else if (top + shown > list.scrollTop + list.clientHeight) list.scrollTop = top + shown - list.clientHeight;
}

interface LineProps {
  id: string;
  line: SourceLine;
  lit: boolean;
  selected: boolean;
  onSelect(line: number | null): void;
}

const Line = memo(function Line({ id, line, lit, selected, onSelect }: LineProps) {
  const { number, tokens, executions, loads, stores, baked } = line;
  const classes = [
    'code-line',
    lit && 'code-line--lit',
    selected && 'code-line--selected',
    baked && 'code-line--baked',
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
      <span className="code-line__number">{number}</span>
      <code
        className="code-line__text"
        title={tokens
          .map(({ text }) => text)
          .join('')
          .trim()}
      >
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
    </div>
  );
});

function Count({ value }: { value: number | null }) {
  return (
    <span className="code-line__count" title={value === null ? undefined : value.toLocaleString('en')}>
      {value === null ? '' : compactCount(value)}
    </span>
  );
}
