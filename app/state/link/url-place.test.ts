import { expect, test } from 'vitest';
import { mechanisms } from '#gpu/mechanisms/all.ts';
import { openLink } from './url-state.ts';

test('places that cannot be are named; what can be used of them is', () => {
  const said = (selection: string) => {
    const { state, complaints } = openLink(`#v=2&sel=${selection}`, mechanisms);
    return { selection: state.selection, said: complaints.map(({ field, limit }) => `${field}: ${limit}`) };
  };
  for (const hostile of [
    'at',
    'at:',
    'at:row',
    'at:row:',
    'at:row:-1',
    'at:row:1.5',
    'at:row:1e3',
    'at:row:1,row:2',
    'at:q',
    'at:q,row',
    'at:q,k,row:1',
    'at:row:1:2',
    'at:__proto__:1',
    'at:9:1',
    `at:${'x'.repeat(33)}:1`,
    `at:${'t'.repeat(65)},row:1`,
    `at:${Array.from({ length: 9 }, (_, i) => `axis${i}:0`).join(',')}`,
    'row:0:1:5',
    'tile:0:1:4:8',
    'workgroup:1',
    'line:a b:1',
    'buffer:',
    'constructor:1',
  ]) {
    expect(said(encodeURIComponent(hostile)), hostile).toEqual({
      selection: null,
      said: [expect.stringMatching(/^selection: /)],
    });
  }
  expect(said('at:row:99999999999999999999,head:1')).toEqual({
    selection: { kind: 'at', at: { row: 9_999_999_999, head: 1 } },
    said: ['selection: at most 9999999999 along an axis'],
  });
});

test('a selection of version 1, and of a link without a version, is a place on the axes of its mechanism', () => {
  const opened = (hash: string) => openLink(hash, mechanisms);
  const [batch, head] = [1, 2];
  for (const version of ['v=1&', '']) {
    for (const [mechanism, at] of [
      ['attention', { batch, head, row: 3 }],
      ['selective-scan', { batch, channel: head, time: 3 }],
    ] as const) {
      const { state, complaints } = opened(`#${version}m=${mechanism}&sel=row:1:2:3`);
      expect(state.selection).toEqual({ kind: 'at', at });
      expect(complaints).toEqual([]);
    }
    expect(opened(`#${version}sel=element:s:130`).state.selection).toEqual({
      kind: 'at',
      tensor: 's',
      at: { element: 130 },
    });
    expect(opened(`#${version}sel=tile:1:2:4:8`).state.selection).toEqual({
      kind: 'at',
      at: { batch, head, row: 4, key: 8 },
    });
  }
});

test('what is no selection of version 1 is named as it stood there', () => {
  for (const hostile of ['row:1:2', 'row:1:2:x', 'tile:1:2:3', 'element:s', 'element::3', 'length:x', 'row']) {
    expect(openLink(`#v=1&sel=${hostile}`, mechanisms).complaints).toEqual([
      expect.objectContaining({ field: 'selection', value: hostile }),
    ]);
  }
});
