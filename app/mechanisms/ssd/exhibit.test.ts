import { expect, test } from 'vitest';
import { expectFrozen } from '../../exhibit/testing/frozen-scenes.ts';
import { chunks, decay, ssdExhibit } from './exhibit.ts';
import frozen from './fixtures/scenes.json' with { type: 'json' };

test.each(['chunked', 'quadratic', 'direct-decays', 'trap-long-chunk', 'mamba-2'])(
  '%s: pictures, tables, words and story are those of the pictures made by hand',
  async (name) => {
    const parts = { axes: ['batch', 'head', 'time'], pictures: { chunks, decay } };
    expect(await expectFrozen(ssdExhibit, name, frozen, parts)).toBeGreaterThanOrEqual(4);
  },
);
