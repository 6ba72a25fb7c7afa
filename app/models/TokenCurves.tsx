// How the run went, token by token: what each took, measured, and what was kept by then, by formula.

import type { MadeToken } from '../state/stores/model-store.ts';
import { bytesText, timeText } from '../words/quantities.ts';

export interface TokenCurvesProps {
  tokens: readonly MadeToken[];
  bytesPerToken: number;
  stateBytes: number;
}

const [WIDTH, HEIGHT] = [320, 72];

/** Steps of one token each: the prompt went in at once. */
function stepsOf(tokens: readonly MadeToken[]): { place: number; ms: number }[] {
  return tokens.flatMap(({ given, ms }, place) => (given || ms === null ? [] : [{ place, ms }]));
}

export const middle = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** 'the last eighth took 1.02 × the first': whether a token costs more the longer the text is. */
export function growthText(steps: readonly { ms: number }[]): string | null {
  const part = Math.floor(steps.length / 8);
  if (part < 3) return null;
  const times = steps.map(({ ms }) => ms);
  const ratio = middle(times.slice(-part)) / middle(times.slice(0, part));
  return `the last ${part} tokens took ${ratio.toFixed(2)} × the first ${part} (medians)`;
}

export function TokenCurves({ tokens, bytesPerToken, stateBytes }: TokenCurvesProps) {
  const steps = stepsOf(tokens);
  if (steps.length < 2) return null;
  const kept = (place: number) => bytesPerToken * (place + 1) + stateBytes;
  const [first, last] = [steps[0]!.place, steps.at(-1)!.place];
  const slowest = Math.max(...steps.map(({ ms }) => ms));
  const x = (place: number) => ((place - first) / Math.max(1, last - first)) * WIDTH;
  const line = (value: (step: { place: number; ms: number }) => number, most: number) =>
    steps.map((step) => `${x(step.place).toFixed(1)},${(HEIGHT - (value(step) / most) * HEIGHT).toFixed(1)}`).join(' ');
  const typical = middle(steps.map(({ ms }) => ms));
  const growth = growthText(steps);
  const summary = `${steps.length} tokens, ${timeText(typical)} each (median, up to ${timeText(slowest)}), measured on this device${growth ? `; ${growth}` : ''}. Kept: ${bytesText(kept(first))} at the first, ${bytesText(kept(last))} at the last, by formula.`;
  return (
    <figure className="token-curves">
      <svg viewBox={`-2 -4 ${WIDTH + 4} ${HEIGHT + 8}`} role="img" aria-label={summary}>
        <line x1={0} x2={WIDTH} y1={HEIGHT} y2={HEIGHT} className="axis" />
        <polyline points={line(({ ms }) => ms, slowest)} className="time" />
        <polyline points={line(({ place }) => kept(place), Math.max(1, kept(last)))} className="kept" />
      </svg>
      <figcaption>
        <span className="key time">time of a token</span> from 0 to {timeText(slowest)},{' '}
        <span className="key kept">bytes kept</span> from 0 to {bytesText(kept(last))}; tokens {first + 1} to {last + 1}{' '}
        across.
        {growth && ` Measured: ${growth}.`}
      </figcaption>
      <details>
        <summary>As a table</summary>
        <table className="ledger">
          <thead>
            <tr>
              <th scope="col">token</th>
              <th scope="col">time, measured</th>
              <th scope="col">kept, closed form</th>
            </tr>
          </thead>
          <tbody>
            {steps.map(({ place, ms }) => (
              <tr key={place}>
                <th scope="row">{place + 1}</th>
                <td className="numeric">{timeText(ms)}</td>
                <td className="numeric">{bytesText(kept(place))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
