import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import type { Place } from '../../exhibit/place.ts';
import { handMade } from '../../exhibit/testing/hand-made.ts';
import { ValuesPanel } from './ValuesPanel.tsx';

/** Elements of the tensor that drawing the closed panel reads. */
function reads(place: Place | null): number {
  const run = handMade({ steps: 2, inputs: { x: { axes: ['at'], shape: [3], data: [1, 2, 3] } } });
  let count = 0;
  const data = new Proxy(run.inputs.x!.data, {
    get(target, key) {
      if (typeof key === 'string' && /^\d+$/.test(key)) count++;
      return Reflect.get(target, key, target);
    },
  });
  const watched = { ...run, inputs: { x: { ...run.inputs.x!, data } } };
  const nothing = () => {};
  renderToStaticMarkup(<ValuesPanel recording={watched} tick={1} place={place} onSelect={nothing} onSave={nothing} />);
  return count;
}

test('a closed panel reads a value only where one is picked', () => {
  expect(reads(null)).toBe(0);
  expect(reads({ kind: 'at', tensor: 'x', at: { at: 1 } })).toBe(1);
});
