import { expect, test, vi } from 'vitest';
import { parseConfig, resolveSizes } from './config.ts';
import { EngineError } from './errors.ts';
import { z } from './schema.ts';
import { tensor } from './tensor.ts';

const schema = z.strictObject({
  tile: z._default(z.int().check(z.gte(1), z.lte(64)), 16),
  nested: z.optional(z.object({ x: z.number() })),
});
const axes = { a: ['m', 'k'], b: ['k', 'n'] } as const;
const a = tensor('f32', [2, 3], [1, 2, 3, 4, 5, 6]);

const errorOf = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

test('a bad value is named with its key and value', () => {
  expect(parseConfig(schema, {})).toEqual({ tile: 16 });
  expect(errorOf(() => parseConfig(schema, { tile: 65 }))).toMatchObject({
    code: 'bad-config',
    field: 'tile',
    value: 65,
    limit: 64,
  });
  expect(errorOf(() => parseConfig(schema, { tile: 0 })).limit).toBe(1);
  expect(errorOf(() => parseConfig(schema, { tile: '8' })).limit).toBe('number');
  const nested = errorOf(() => parseConfig(schema, { nested: { x: 'a' } }));
  expect(nested).toMatchObject({ code: 'bad-config', field: 'nested.x', value: 'a' });
});

test('an unknown key is named', () => {
  expect(errorOf(() => parseConfig(schema, { tiles: 8 }))).toMatchObject({
    code: 'bad-config',
    field: 'tiles',
    value: 8,
    limit: ['tile', 'nested'],
  });
});

test('sizes come from the inputs, and from the config where no input says', () => {
  const keys = { m: undefined, k: undefined, n: 7 };
  expect(resolveSizes(keys, { a }, axes)).toEqual({ m: 2, k: 3, n: 7 });
});

test('two sources that disagree are a mismatch that names the size', () => {
  const keys = { m: 2, k: 4, n: 7 };
  expect(errorOf(() => resolveSizes(keys, { a }, axes))).toMatchObject({
    code: 'shape-mismatch',
    field: 'k',
    value: 3,
    limit: 4,
  });
});

test('another rank, a missing size and a zero size are errors', () => {
  const flat = tensor('f32', [6], [1, 2, 3, 4, 5, 6]);
  const free = { m: undefined, k: undefined, n: undefined };
  expect(errorOf(() => resolveSizes(free, { a: flat }, axes))).toMatchObject({ code: 'shape-mismatch', field: 'a' });
  expect(errorOf(() => resolveSizes(free, { a }, axes))).toMatchObject({ code: 'bad-config', field: 'n' });
  const empty = tensor('f32', [0, 3], []);
  expect(errorOf(() => resolveSizes({ ...free, n: 1 }, { a: empty }, axes))).toMatchObject({
    code: 'bad-config',
    field: 'm',
  });
});

test('parsing never tries to compile code, which the page’s content security policy forbids', () => {
  const compiled = vi.spyOn(globalThis, 'Function');
  expect(parseConfig(z.strictObject({ fresh: z.int() }), { fresh: 3 })).toEqual({ fresh: 3 });
  expect(compiled).not.toHaveBeenCalled();
  compiled.mockRestore();
});
