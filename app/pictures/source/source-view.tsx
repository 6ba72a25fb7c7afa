// The view "the kernel's text, running", for any mechanism.

import { useState } from 'react';
import type { ViewProps, ViewSpec, ViewState, ViewTable } from '../../exhibit/view.ts';
import { SvgPen } from '../../pens/svg-pen.ts';
import { exactText, plural } from '../../words/quantities.ts';
import { stepWordsOf } from '../../words/step-words.ts';
import { CodePane } from './CodePane.tsx';
import { kernelAt, type SourceScene, sourceScene } from './source-scene.ts';

function SourcePicture({ recording, tick, selection, onSelect }: ViewProps) {
  // A kernel chosen by hand stays until another one starts running.
  const running = kernelAt(recording, tick);
  const [chosen, setChosen] = useState<{ kernel: string; while: string } | null>(null);
  const selected = selection?.kind === 'line' ? selection : null;
  const kernel = selected?.kernel ?? (chosen?.while === running ? chosen.kernel : running);
  const scene = sourceScene(recording, tick, kernel);
  return (
    <CodePane
      scene={scene}
      selectedLine={selected ? selected.line : null}
      onSelectLine={(line) => onSelect(line === null ? null : { kind: 'line', kernel: scene.kernel, line })}
      onKernel={(next) => {
        if (selected) onSelect(null);
        setChosen({ kernel: next, while: running });
      }}
    />
  );
}

function litWords(scene: SourceScene): string {
  if (scene.lit.size === 0) return `${scene.kernel} is not running at this step.`;
  const lines = [...scene.lit].sort((a, b) => a - b);
  return `${scene.kernel}, lines ${lines[0]} to ${lines[lines.length - 1]} are running.`;
}

function stateScene({ recording, tick, selection }: ViewState): SourceScene {
  return sourceScene(recording, tick, selection?.kind === 'line' ? selection.kernel : undefined);
}

function table(state: ViewState): ViewTable {
  const counted = stateScene(state).lines.filter(({ executions }) => executions !== null);
  return {
    columns: [
      { id: 'line', title: 'Line' },
      { id: 'text', title: 'Source' },
      { id: 'executions', title: 'Executions' },
      { id: 'loads', title: 'Loads' },
      { id: 'stores', title: 'Stores' },
    ],
    rows: counted.map(({ number, tokens, executions, loads, stores }) => [
      number,
      tokens
        .map(({ text }) => text)
        .join('')
        .trim(),
      executions ?? 0,
      loads,
      stores,
    ]),
  };
}

/** @param titles marker name → title */
export function sourceViewOf(titles: Record<string, string>): ViewSpec {
  return {
    id: 'source',
    title: 'Source',
    about:
      'The very text that was compiled, with the numbers that were baked in highlighted. The bar on the left marks what the current step covers. Beside each line: how often it ran, over all invocations, and how many loads and stores it made.',
    Component: SourcePicture,
    summary: (state) => `${stepWordsOf(state.recording.trace, state.tick, titles)}. ${litWords(stateScene(state))}`,
    table,
    svg(state, { width }, inkOf) {
      const scene = stateScene(state);
      const lineHeight = 16;
      const pen = new SvgPen(width, scene.lines.length * lineHeight + 24, inkOf);
      pen.rect(0, 0, pen.width, pen.height, '--surface');
      for (const line of scene.lines) {
        const y = 16 + (line.number - 1) * lineHeight;
        if (scene.lit.has(line.number)) pen.rect(0, y - lineHeight / 2, pen.width, lineHeight, '--code-running');
        pen.text(34, y, String(line.number), '--ink-2', { size: 11, mono: true, align: 'right' });
        pen.text(44, y, line.tokens.map(({ text }) => text).join(''), '--ink', { size: 11, mono: true });
        if (line.executions === null) continue;
        const count = `${exactText(line.executions)}×`;
        pen.text(pen.width - 8, y, count, '--ink-2', { size: 11, mono: true, align: 'right' });
      }
      return pen.document(`${scene.kernel}: ${plural(scene.lines.length, 'line')}`);
    },
  };
}
