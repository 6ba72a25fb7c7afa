// Config of `embedding`: ids [n] pick rows of table [rows, width]; a timing signal can be added.

import { parseConfig, resolveSizes } from '../../core/config.ts';
import { EngineError } from '../../core/errors.ts';
import { z } from '../../core/schema.ts';
import type { Tensor } from '../../core/tensor.ts';

const size = z.optional(z.int().check(z.gte(1)));

/** Beyond it the kernel's range reduction of the angle loses digits. Rates are at most 1 radian per position. */
export const MAX_POSITION = 8191;

export const schema = z.strictObject({
  /** Tokens. */
  n: size,
  /** Rows of the table. */
  rows: size,
  /** Columns of the table; even with a timing signal. */
  width: size,
  /** Factor on the table’s row. */
  scale: z._default(z.number(), 1),
  /** Add the timing signal; by default when rates are given. */
  timing: z.optional(z.boolean()),
  /** Position of the first token. */
  firstPosition: z._default(z.int().check(z.gte(0), z.lte(MAX_POSITION)), 0),
  /** Invocations per token. */
  lanes: z._default(z.literal([32, 64, 128, 256]), 64),
});

export type EmbeddingConfig = Required<z.infer<typeof schema>>;

/** @throws EngineError bad-config, bad-input (an id outside the table), shape-mismatch */
export function resolve(raw: object, inputs?: Record<string, Tensor>): EmbeddingConfig {
  const { n, rows, width, ...rest } = parseConfig(schema, raw);
  const timing = rest.timing ?? inputs?.rates !== undefined;
  const sizes = resolveSizes({ n, rows, width }, inputs, { ids: ['n'], table: ['rows', 'width'] });
  const config = { ...rest, timing, ...sizes };
  if (timing) checkTiming(config, inputs?.rates);
  inputs?.ids?.data.forEach((id, token) => {
    if (Number.isInteger(id) && id >= 0 && id < config.rows) return;
    const message = `ids[${token}] = ${id} is no row of a table with ${config.rows} rows`;
    throw new EngineError('bad-input', message, { field: `ids[${token}]`, value: id, limit: config.rows - 1 });
  });
  return config;
}

function checkTiming({ n, width, firstPosition }: EmbeddingConfig, rates: Tensor | undefined) {
  if (width % 2 !== 0) {
    throw new EngineError('bad-config', `width ${width}: a timing signal needs an even width`, {
      field: 'width',
      value: width,
    });
  }
  const last = firstPosition + n - 1;
  if (last > MAX_POSITION) {
    const message = `the last position would be ${last}; the timing signal is exact up to ${MAX_POSITION}`;
    throw new EngineError('limit-exceeded', message, { field: 'n', value: last, limit: MAX_POSITION });
  }
  if (!rates) return;
  if (rates.shape.length !== 1 || rates.shape[0] !== width / 2) {
    const message = `rates has shape [${rates.shape.join(', ')}]; it needs [${width / 2}], half the width`;
    throw new EngineError('shape-mismatch', message, { field: 'rates', value: rates.shape, limit: [width / 2] });
  }
  const bad = rates.data.findIndex((rate) => !(rate >= 0 && rate <= 1));
  if (bad < 0) return;
  const message = `rates[${bad}] = ${rates.data[bad]} is not between 0 and 1 radian per position`;
  throw new EngineError('bad-input', message, { field: `rates[${bad}]`, value: rates.data[bad], limit: [0, 1] });
}
