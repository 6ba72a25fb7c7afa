// What a marker says, and that one which says something else is refused where it stands.

import { describe, expect, test } from 'vitest';
import { EngineError } from '../../core/errors.ts';
import { findMarkers } from './markers.ts';

/** Markers of a line that stands indented in the third line of a kernel. */
const read = (line: string) => findMarkers(`fn main() {\n  let x = 1;\n  ${line}\n}\n`);

function refusal(line: string): EngineError {
  try {
    read(line);
  } catch (error) {
    if (error instanceof EngineError) return error;
  }
  throw new Error(`${line} was not refused`);
}

describe('record lines', () => {
  test('keep names, paths and places apart, each with its offset', () => {
    const line = '//: record m s=acc[k].y h[state]=h0,h1 g[row+4]=q at head row=own.x';
    const source = `fn main() {\n  ${line}\n}\n`;
    const at = (text: string) => ({ text, offset: source.indexOf(text, source.indexOf('record') + 6) });
    expect(findMarkers(source)).toEqual([
      {
        kind: 'record',
        word: 'record',
        offset: source.indexOf('//:'),
        line: 2,
        values: [
          { name: 'm', paths: [at('m')] },
          { name: 's', paths: [at('acc[k].y')] },
          { name: 'h', paths: [at('h0'), at('h1')], along: { axis: 'state', from: 0 } },
          { name: 'g', paths: [at('q')], along: { axis: 'row', from: 4 } },
        ],
        at: [
          { name: 'head', paths: [at('head')] },
          { name: 'row', paths: [at('own.x')] },
        ],
      },
    ]);
  });

  test('may add paths up to one coordinate, and may be details', () => {
    const line = '//: detail s at head key=k0+own.x';
    const source = `fn main() {\n  ${line}\n}\n`;
    expect(findMarkers(source)[0]).toMatchObject({
      word: 'detail',
      values: [{ name: 's' }],
      at: [
        { name: 'head' },
        {
          name: 'key',
          sum: true,
          paths: [
            { text: 'k0', offset: source.indexOf('k0') },
            { text: 'own.x', offset: source.indexOf('own.x') },
          ],
        },
      ],
    });
  });

  test('may have places alone, or none', () => {
    expect(read('//: record at row')[0]).toMatchObject({ values: [], at: [{ name: 'row' }] });
    expect(read('//: record m l')[0]).toMatchObject({ values: [{ name: 'm' }, { name: 'l' }], at: [] });
  });

  test.each([
    ['//: record', 'record', '', 3],
    ['//: record m at', 'record', 'at', 16],
    ['//: record m+1 at row', 'record m+1', 'm+1', 14],
    ['//: record m at row+1', 'record row+1', 'row+1', 19],
    ['//: record m at row=i+', 'record row=i+', 'row=i+', 19],
    ['//: record m=a+b at row', 'record m=a+b', 'm=a+b', 14],
    ['//: record m at row[0]=i', 'record row[0]=i', 'row[0]=i', 19],
    ['//: record m at h[row]=i,j', 'record h[row]=i,j', 'h[row]=i,j', 19],
    ['//: record s=1.0 at row', 'record s=1.0', 's=1.0', 14],
    ['//: record h[0]=h0 at row', 'record h[0]=h0', 'h[0]=h0', 14],
    ['//: record h[state]=h0, at row', 'record h[state]=h0,', 'h[state]=h0,', 14],
    ['//: record h[state-1]=h0', 'record h[state-1]=h0', 'h[state-1]=h0', 14],
    ['//: record s=a,b', 'record s=a,b', 's=a,b', 14],
    ['//: record m at row at key', 'record', 'at', 23],
  ])('%s is refused', (line, field, value, column) => {
    const error = refusal(line);
    expect(error).toMatchObject({ code: 'unsupported-construct', field, value, line: 3, column });
    expect(error.limit).toBeDefined();
  });
});

describe('probe lines of our kernels before they named axes', () => {
  test.each([
    'batch head q0 k0',
    'row m l rescale',
    'batch channel time step h0 h1',
    'h4 h5 h6 h7',
    'batch channel n start reach left lane',
    'row n time h product',
    'head own segment',
  ])('%s: the same variables, under the names of today', (words) => {
    const [marker] = read(`//: probe ${words}`);
    if (marker?.kind !== 'record') throw new Error('it is no record line');
    const all = [...marker.values, ...marker.at];
    expect(all.flatMap(({ paths }) => paths.map(({ text }) => text)).sort()).toEqual(words.split(' ').sort());
    expect(marker).toMatchObject({ word: 'probe', line: 3 });
    for (const { text, offset } of all.flatMap(({ paths }) => paths))
      expect(offset - marker.offset).toBe(`//: probe ${words} `.indexOf(` ${text} `) + 1);
  });

  test('any other probe line has values alone', () => {
    expect(read('//: probe batch head q0')[0]).toMatchObject({
      at: [],
      values: [{ name: 'batch' }, {}, { name: 'q0' }],
    });
    expect(read('//: probe constructor')[0]).toMatchObject({ at: [], values: [{ name: 'constructor' }] });
  });
});

describe('other markers', () => {
  test('steps, events and probes', () => {
    expect(read('//: load-tile')).toMatchObject([{ kind: 'step', name: 'load-tile', line: 3 }]);
    expect(read('//: count combine')).toMatchObject([{ kind: 'count', name: 'combine' }]);
    expect(read('//: probe m acc.x')).toMatchObject([
      { kind: 'record', word: 'probe', values: [{ name: 'm' }, { name: 'acc.x' }], at: [] },
    ]);
  });

  test('are no markers where no comment starts', () => {
    expect(read('// see //: load-tile')).toEqual([]);
    expect(read('/* \n //: load-tile\n */')).toEqual([]);
  });

  test.each([
    ['//: two words', 'marker', 3],
    ['//: count', 'marker', 3],
    ['//:', 'marker', 3],
    ['//: probe', 'probe', 3],
    ['//: probe s=m', 'probe s=m', 13],
    ['//: probe h[state]=m,l', 'probe h[state]=m,l', 13],
  ])('%s is refused', (line, field, column) => {
    expect(refusal(line)).toMatchObject({ code: 'unsupported-construct', field, line: 3, column });
  });
});
