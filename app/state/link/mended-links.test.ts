// Links whose numbers are each a number that its setting takes, but not together: with the mechanisms as they are.

import { expect, test } from 'vitest';
import { mechanisms } from '#gpu/mechanisms/all.ts';
import { complaintWords } from '../stores/complaint.ts';
import { openLink } from './url-state.ts';

const open = (hash: string) => openLink(hash, mechanisms);

test('all numbers that cannot be used are named at once, and the nearest that can takes their place', () => {
  const { state, complaints } = open('#v=1&in=random&nq=999999&nk=0&headDim=7&heads=3&kvHeads=2');
  expect(complaints).toEqual([
    { field: 'nk', value: '0', limit: 'at least 1', used: '1' },
    { field: 'kvHeads', value: '2', limit: 'a divisor of 3', used: 'the default' },
  ]);
  expect(state.experiment.config).toEqual({ br: 16, bc: 4, nq: 999_999, nk: 1, headDim: 7, heads: 3 });
});

test('a number is named as it stood in the link, once, whatever it broke first', () => {
  expect(open('#v=1&in=random&nk=-5').complaints).toEqual([
    { field: 'nk', value: '-5', limit: 'at least 1', used: '1' },
  ]);
});

test('where a sentence or a file decides the sizes, only plain bounds are held against a link', () => {
  const { state, complaints } = open('#v=1&in=file&nk=0&kvHeads=2&blockmask=1,0,1');
  expect(complaints.map(({ field }) => field)).toEqual(['nk']);
  expect(state.experiment.config).toMatchObject({ nk: 1, kvHeads: 2, blockmask: [1, 0, 1] });
});

test('packed sequences may be empty', () => {
  expect(open('#v=1&in=random&packed=1&nq=0&nk=0').complaints).toEqual([]);
});

test('sizes of other exhibits are held against the same bounds', () => {
  const { state, complaints } = open('#v=1&m=ssd&in=random&seqlen=0&heads=-2&batch=2');
  expect(complaints).toEqual([
    { field: 'seqlen', value: '0', limit: 'at least 1', used: '1' },
    { field: 'heads', value: '-2', limit: 'at least 1', used: '1' },
  ]);
  expect(state.experiment.config).toEqual({ seqlen: 1, heads: 1, batch: 2 });
});

test('no preset of any exhibit needs mending', () => {
  for (const mechanism of mechanisms.values()) {
    if (mechanism.role !== 'mechanism') continue;
    for (const { variant, config } of mechanism.presets) {
      const keys = Object.entries(config).map(([key, value]) => `${key}=${String(value)}`);
      const { complaints } = open(`#v=1&m=${mechanism.id}&k=${variant}&in=random&${keys.join('&')}`);
      expect(complaints).toEqual([]);
    }
  }
});

test.each([
  ['nq=abc', 'a whole number from 0 to 16777216', 'the default'],
  ['br=7.5', 'a whole number from 1 to 1024', '8'],
  ['headDim=', 'a whole number from 1 to 128', 'the default'],
  ['softcap=soft', 'a number from 0 to 1000000', 'the default'],
  ['causal=maybe', '0 or 1', 'the default'],
  ['blockmask=all', 'numbers with commas between', 'the default'],
  ['blockmask=0,2', 'a value this setting can take', 'the default'],
  ['pattern=plaid', 'one of full, local-global, butterfly, causal-blocks, diagonal, empty', 'the default'],
  ['m=ssd&chunk=many', 'a whole number from 1', 'the default'],
])('%s is answered in words, not in those of the schema', (link, limit, used) => {
  expect(open(`#v=1&in=random&${link}`).complaints).toEqual([expect.objectContaining({ limit, used })]);
});

const said = (hash: string) =>
  open(hash).complaints.map((each) => `${each.field} “${each.value}”: ${complaintWords(each)}`);

test('a key that is no setting is called unknown, once, however often it comes', () => {
  expect(said('#a=1&a=1&a=2&a=1&v=1')).toEqual(['a “1”: unknown here; it was ignored']);
});

test('a setting that comes again is named once, with the value that counts', () => {
  expect(said('#v=1&in=random&nq=8&nq=9&nq=9&nq=10')).toEqual(['nq “9”: expected each key once; used instead: 8']);
  expect(said('#v=1&in=random&nq=abc&nq=abc')).toHaveLength(1);
  expect(said('#v=1&in=random&in=random&in=random')).toEqual([
    'in “random”: expected each key once; used instead: random',
  ]);
});
