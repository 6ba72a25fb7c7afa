import { expect, it } from 'vitest';
import { coveringPresets } from './exhibit-runs.mjs';

const view = (id) => ({ id, title: id.toUpperCase(), isStill: false });
const preset = (id, views) => ({ id, title: id, link: `k=${id}`, views: views.map(view) });
const exhibit = (presets, views = ['state', 'tree', 'carry']) => ({
  id: 'scan',
  title: 'Scan',
  views: views.map(view),
  presets,
});

const chosen = (presets, views) =>
  coveringPresets(exhibit(presets, views)).map(({ id, views: shown }) => [id, shown.map(({ id: name }) => name)]);

it('few presets that show every view, and of equal ones the first', () => {
  const presets = [
    preset('small', ['state']),
    preset('tree', ['state', 'tree']),
    preset('other tree', ['state', 'tree']),
    preset('chunked', ['state', 'carry']),
  ];
  expect(chosen(presets)).toEqual([
    ['tree', ['state', 'tree']],
    ['chunked', ['carry']],
  ]);
});

it('a view that no preset has a picture of is named', () => {
  expect(() => chosen([preset('a', ['state', 'tree'])])).toThrow('scan: no preset has a picture in carry');
  expect(() => chosen([], ['state'])).toThrow(/state/);
});
