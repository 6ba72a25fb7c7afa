import { expect, test } from 'vitest';
import { tensor } from '../../core/tensor.ts';
import { embedding } from './embedding.ts';

const table = tensor('f32', [3, 2], [1, 2, 3, 4, 5, 6]);

test('the reference gathers rows and adds sine and cosine', () => {
  const inputs = { ids: tensor('i32', [3], [2, 0, 2]), table, rates: tensor('f32', [1], [1]) };
  const config = embedding.resolve({ scale: 2, firstPosition: 1 }, inputs);
  const { out } = embedding.reference(config, inputs);
  expect(out!.shape).toEqual([3, 2]);
  const expected = [
    10 + Math.sin(1),
    12 + Math.cos(1),
    2 + Math.sin(2),
    4 + Math.cos(2),
    10 + Math.sin(3),
    12 + Math.cos(3),
  ];
  for (const [i, value] of expected.entries()) expect(out!.data[i]).toBeCloseTo(value, 12);
});

test('without rates the rows come out as they are', () => {
  const inputs = { ids: tensor('i32', [2], [1, 1]), table };
  const config = embedding.resolve({}, inputs);
  expect(config).toMatchObject({ timing: false, n: 2, rows: 3, width: 2 });
  expect(Array.from(embedding.reference(config, inputs).out!.data)).toEqual([3, 4, 3, 4]);
});

test('an id outside the table is refused with its place', () => {
  for (const [id, name] of [
    [3, 'above'],
    [-1, 'below'],
  ] as const) {
    const refusal = { code: 'bad-input', field: 'ids[1]', value: id, limit: 2 };
    const act = () => embedding.resolve({}, { ids: tensor('i32', [2], [0, id]), table });
    expect(act, name).toThrow(expect.objectContaining(refusal));
  }
});

test('an odd width, a far position and wrong rates are refused by name', () => {
  const refusals: [object, Record<string, ReturnType<typeof tensor>>, object][] = [
    [{ n: 1, rows: 1, width: 3, timing: true }, {}, { code: 'bad-config', field: 'width', value: 3 }],
    [
      { n: 2, rows: 1, width: 2, timing: true, firstPosition: 8191 },
      {},
      { code: 'limit-exceeded', field: 'n', value: 8192, limit: 8191 },
    ],
    [{ n: 1 }, { table, rates: tensor('f32', [2], [1, 1]) }, { code: 'shape-mismatch', field: 'rates' }],
    [{ n: 1 }, { table, rates: tensor('f32', [1], [1.5]) }, { code: 'bad-input', field: 'rates[0]', value: 1.5 }],
  ];
  for (const [raw, inputs, refusal] of refusals) {
    expect(() => embedding.resolve(raw, inputs)).toThrow(expect.objectContaining(refusal));
  }
});

test('rates come with a timing signal only, in the plan and in the counts', () => {
  const names = (timing: boolean) => {
    const config = embedding.resolve({ n: 4, rows: 9, width: 70, timing });
    const inputs = embedding.plan('direct', config, {}).buffers.filter(({ role }) => role === 'input');
    return [inputs.map(({ name }) => name), embedding.cost('direct', config).buffers.map(({ buffer }) => buffer)];
  };
  expect(names(true)).toEqual([
    ['ids', 'table', 'rates'],
    ['ids', 'table', 'rates', 'out'],
  ]);
  expect(names(false)).toEqual([
    ['ids', 'table'],
    ['ids', 'table', 'out'],
  ]);
});
