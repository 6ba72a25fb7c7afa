import { expect, test } from 'vitest';
import { type Size, SizeGroup } from './side-by-side.ts';

test('pictures of one kind have the room of the smallest, until it has gone', () => {
  const group = new SizeGroup();
  const shown = new Map<string, Size>();
  const put = (name: string, kind: string, width: number, height: number) =>
    group.put(hosts.get(name)!, kind, { width, height, zoom: 1.5 }, (size) => shown.set(name, size));
  const hosts = new Map(['left', 'right', 'other'].map((name) => [name, {}]));
  put('left', 'bars', 405, 247);
  put('other', 'statistics', 90, 90);
  expect(shown.get('left')).toEqual({ width: 405, height: 247, zoom: 1.5 });
  put('right', 'bars', 404, 212);
  for (const name of ['left', 'right']) expect(shown.get(name), name).toEqual({ width: 404, height: 212, zoom: 1.5 });
  expect(shown.get('other')).toEqual({ width: 90, height: 90, zoom: 1.5 });
  // What is not on screen has no size to go by.
  put('right', 'bars', 0, 0);
  expect(shown.get('left')).toEqual({ width: 405, height: 247, zoom: 1.5 });
  put('right', 'bars', 404, 212);
  group.drop(hosts.get('right')!);
  expect(shown.get('left')).toEqual({ width: 405, height: 247, zoom: 1.5 });
});
