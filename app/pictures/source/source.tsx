// The picture "the kernel's text, running", of any run. Text, so it has a face of its own in place of a canvas.

import { useState } from 'react';
import type { FaceProps, Picture, PictureState } from '../../exhibit/picture.ts';
import type { Recording } from '../../exhibit/recording.ts';
import type { Pen } from '../../pens/pen.ts';
import { exactText } from '../../words/quantities.ts';
import { CodePane } from './CodePane.tsx';
import { kernelAt, type SourceScene, sourceScene } from './source-scene.ts';

const LINE_HEIGHT = 16;

/** A line of a kernel that this run has; one of another variant's kernel cannot be shown. */
function lineOf({ run, place }: Pick<PictureState, 'run' | 'place'>) {
  return place?.kind === 'line' && run.kernels.some(({ file }) => file === place.kernel) ? place : null;
}

const textOf = ({ tokens }: SourceScene['lines'][number]) => tokens.map(({ text }) => text).join('');

function SourceFace({ scene, state, onPlace }: FaceProps<SourceScene>) {
  const { run, tick } = state;
  // A kernel chosen by hand stays until another one starts running.
  const running = kernelAt(run, tick);
  const [chosen, setChosen] = useState<{ of: Recording; kernel: string; while: string } | null>(null);
  const selected = lineOf(state);
  const own = !selected && chosen?.of === run && chosen.while === running ? chosen.kernel : scene.kernel;
  const shown = own === scene.kernel ? scene : sourceScene(run, tick, own);
  return (
    <CodePane
      scene={shown}
      selectedLine={selected?.line ?? null}
      onSelectLine={(line) => onPlace(line === null ? null : { kind: 'line', kernel: shown.kernel, line })}
      onKernel={(kernel) => {
        if (selected) onPlace(null);
        setChosen({ of: run, kernel, while: running });
      }}
    />
  );
}

function litWords({ kernel, lit, lines }: SourceScene): string {
  if (lit.size === 0) return `${kernel} is not running at this step.`;
  const numbers = [...lit].sort((a, b) => a - b);
  const runs = lines.filter(({ number }) => lit.has(number));
  const busiest = runs.reduce((top, line) => ((line.executions ?? 0) > (top.executions ?? 0) ? line : top), runs[0]!);
  const most = busiest.executions ? ` Line ${busiest.number} ran ${exactText(busiest.executions)} times in all.` : '';
  return `${kernel}, lines ${numbers[0]} to ${numbers.at(-1)} are running.${most}`;
}

function draw(pen: Pen, { lines, lit }: SourceScene): void {
  pen.rect(0, 0, pen.width, pen.height, '--surface');
  for (const line of lines) {
    const y = 16 + (line.number - 1) * LINE_HEIGHT;
    if (lit.has(line.number)) pen.rect(0, y - LINE_HEIGHT / 2, pen.width, LINE_HEIGHT, '--code-running');
    pen.text(34, y, String(line.number), '--ink-2', { size: 11, mono: true, align: 'right' });
    pen.text(44, y, textOf(line), line.past ? '--bad' : '--ink', { size: 11, mono: true });
    if (line.executions === null) continue;
    const count = `${line.past ? `! ${exactText(line.past)}× past the end, ` : ''}${exactText(line.executions)}×`;
    pen.text(pen.width - 8, y, count, line.past ? '--bad' : '--ink-2', { size: 11, mono: true, align: 'right' });
  }
}

export function source(): Picture<SourceScene> {
  return {
    id: 'source',
    title: 'Source',
    kind: 'kernel text',
    about:
      'The very text that was compiled, with the numbers that were baked in highlighted. The bar on the left marks what the current step covers. Beside each line: how often it ran, over all invocations, and how many loads and stores it made.',
    Face: SourceFace,
    scene: (state) => sourceScene(state.run, state.tick, lineOf(state)?.kernel),
    draw,
    sheetHeight: ({ lines }) => lines.length * LINE_HEIGHT + 24,
    // The face, a list box, has the pointer and the keys.
    hit: () => null,
    walk: () => null,
    words: litWords,
    status(scene, state) {
      const line = lineOf(state);
      const count = line && scene.lines[line.line - 1]?.executions;
      return line ? `${line.kernel}, line ${line.line}${count ? `: ran ${exactText(count)} times` : ''}` : '';
    },
    table: ({ lines }) => ({
      columns: [
        { id: 'line', title: 'Line' },
        { id: 'text', title: 'Source' },
        { id: 'executions', title: 'Executions' },
        { id: 'loads', title: 'Loads' },
        { id: 'stores', title: 'Stores' },
        ...(lines.some(({ past }) => past) ? [{ id: 'past', title: 'Past the end' }] : []),
      ],
      rows: lines
        .filter(({ executions }) => executions !== null)
        .map((line) => [
          line.number,
          textOf(line).trim(),
          line.executions ?? 0,
          line.loads,
          line.stores,
          ...(lines.some(({ past }) => past) ? [line.past ?? 0] : []),
        ]),
    }),
  };
}
