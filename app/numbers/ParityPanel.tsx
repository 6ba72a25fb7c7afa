// View (g): how far each output is from the float64 reference on this very input.

import { useCallback } from 'react';
import type { ParityOutput } from '../exhibit/results.ts';
import { ProvenanceMark } from '../parts/ProvenanceMark.tsx';
import { WorkStatus } from '../parts/WorkStatus.tsx';
import { PenCanvas } from '../pens/PenCanvas.tsx';
import type { Pen } from '../pens/pen.ts';
import { countText, exactText, plural, valueText } from '../words/quantities.ts';
import type { ParityPanelProps } from './panel-props.ts';

export function ParityPanel({ state, outputs, astray }: ParityPanelProps) {
  return (
    <section className="panel" aria-label="Parity with the float64 reference">
      <h3>
        Error against float64 <ProvenanceMark kind="measured" />
      </h3>
      <WorkStatus state={state} hasResults={outputs.length > 0} empty="Not compared yet.">
        {outputs.map((output) => (
          <Output key={output.name} output={output} astray={astray} />
        ))}
      </WorkStatus>
    </section>
  );
}

function Output({ output, astray }: { output: ParityOutput; astray?: boolean }) {
  const { name, elements, maxAbsError, maxAbsIndex, nonFiniteMismatches, nonFiniteMatches, tolerance, passes } = output;
  const draw = useCallback((pen: Pen) => drawHistogram(pen, output), [output]);
  const within = maxAbsError <= tolerance;
  return (
    <div>
      <p>
        <b>{name}</b>{' '}
        <span className={passes ? (astray ? undefined : 'panel__yes') : 'panel__no'}>
          {passes ? !astray && '✓ ' : '✗ '}
          {!passes && within && `${plural(nonFiniteMismatches, 'number')} not finite alike; the rest `}
          at most {valueText(maxAbsError)}
        </span>{' '}
        <span className="quiet">
          {within ? '≤' : '>'} {valueText(tolerance)} allowed
        </span>
      </p>
      <div className="panel__plot" style={{ height: 62 }}>
        <PenCanvas kind="error histogram" live={draw} label={histogramWords(output)} />
      </div>
      <p className="panel__note">
        {plural(elements, 'number')}; largest error at index {exactText(maxAbsIndex)}
        {nonFiniteMismatches > 0 && `; ${plural(nonFiniteMismatches, 'number')} NaN or ±∞ on one side only`}
        {nonFiniteMatches > 0 && `; ${plural(nonFiniteMatches, 'number')} NaN or ±∞ on both sides`}
      </p>
    </div>
  );
}

function histogramWords({ name, histogram }: ParityOutput): string {
  const filled = histogram.filter(({ count }) => count > 0);
  return `${name}: ${filled.map(({ label, count }) => `${exactText(count)} with error ${label}`).join(', ')}`;
}

/** A bar per decade; heights follow the square root, so that a single outlier is still seen. */
function drawHistogram(pen: Pen, { histogram, tolerance }: ParityOutput): void {
  const width = pen.width / histogram.length;
  const most = Math.max(1, ...histogram.map(({ count }) => count));
  const bottom = pen.height - 16;
  histogram.forEach(({ label, count }, i) => {
    const height = (bottom - 14) * Math.sqrt(count / most);
    const beyond = i > 1 && 10 ** (i - 11) >= tolerance;
    pen.rect(i * width + 1, bottom - height, width - 2, height, beyond ? '--bad' : '--tone-output');
    if (count > 0)
      pen.text((i + 0.5) * width, bottom - height - 7, countText(count), '--ink-2', { size: 10, align: 'center' });
    if (i % 2 === 0 || width > 44)
      pen.text((i + 0.5) * width, pen.height - 7, label.replace('≤ ', ''), '--ink-2', { size: 10, align: 'center' });
  });
  pen.line([0, bottom, pen.width, bottom], '--line', 1);
}
