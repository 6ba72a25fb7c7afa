import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import type { MadeToken } from '../state/stores/model-store.ts';
import { growthText, TokenCurves } from './TokenCurves.tsx';

const token = (given: boolean, ms: number | null): MadeToken => ({ id: 1, text: 'a', given, choices: [], ms });

test('a token’s time and what is kept are drawn for the tokens that were made, one for one', () => {
  const tokens = [token(true, null), token(true, 900), token(false, 10), token(false, 20), token(false, null)];
  const html = renderToStaticMarkup(<TokenCurves tokens={tokens} bytesPerToken={100} stateBytes={1000} />);
  // Two steps: half as high as the slowest, and the slowest; 3 · 100 + 1000 and 4 · 100 + 1000 bytes of at most 1400.
  expect(html).toContain('points="0.0,36.0 320.0,0.0"');
  expect(html).toContain(`points="0.0,${(72 - (1300 / 1400) * 72).toFixed(1)} 320.0,0.0"`);
  expect(html).toContain('1.30 KB at the first, 1.40 KB at the last');
  expect(html.match(/<tr>/g)!.length).toBe(3);
  expect(renderToStaticMarkup(<TokenCurves tokens={tokens.slice(0, 3)} bytesPerToken={0} stateBytes={0} />)).toBe('');
});

test('whether tokens cost more is told from medians of the first and the last eighth', () => {
  const steps = Array.from({ length: 40 }, (_, i) => ({ ms: i < 20 ? 10 : 15 }));
  steps[1]!.ms = 400;
  expect(growthText(steps)).toBe('the last 5 tokens took 1.50 × the first 5 (medians)');
  expect(growthText(steps.slice(0, 20))).toBeNull();
});
