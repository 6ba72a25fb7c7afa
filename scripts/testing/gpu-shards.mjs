// Which test files run in which shard, so that both end at about the same time: the longest first, each to the shard with least to do.

import { relative } from 'node:path';
import { BaseSequencer } from 'vitest/node';
import { YARDSTICK } from '../exhibit-time.mjs';

/** Processor seconds of the files that take long; a file that is not here takes about OTHERS. What has gone stale costs balance only. */
const SECONDS = {
  'gpu/mechanisms/attention/recorder.gpu.test.ts': 44,
  'gpu/mechanisms/attention/tuned-candidates.gpu.test.ts': 31,
  'gpu/mechanisms/attention/tuned.gpu.test.ts': 30,
  'gpu/mechanisms/selective-scan/holds.gpu.test.ts': 20,
  'app/state/beside/tuner.gpu.test.ts': 16,
  'gpu/wgsl/recorder/random-programs.gpu.test.ts': 15,
  'gpu/mechanisms/attention/properties.gpu.test.ts': 13,
  'app/mechanisms/attention/picture-is-the-run.gpu.test.ts': 11,
  'gpu/runtime/engine.gpu.test.ts': 11,
  'gpu/runtime/worker/facade.gpu.test.ts': 10,
  'gpu/wgsl/recorder/cost.gpu.test.ts': 9,
  'gpu/mechanisms/selective-scan/selective-scan.gpu.test.ts': 9,
  'gpu/primitives/matmul/tuned.gpu.test.ts': 8,
  'gpu/mechanisms/attention/golden.gpu.test.ts': 8,
  'gpu/mechanisms/ssd/holds.gpu.test.ts': 8,
  'gpu/primitives/sequential-scan/holds.gpu.test.ts': 7,
  'app/mechanisms/attention/scores.gpu.test.ts': 7,
  'gpu/wgsl/recorder/out-of-range.gpu.test.ts': 7,
  'gpu/mechanisms/token-pruning/token-pruning.gpu.test.ts': 6,
  'app/mechanisms/selective-scan/picture-is-the-run.gpu.test.ts': 6,
  'gpu/wgsl/recorder/independent.gpu.test.ts': 6,
  'gpu/mechanisms/selective-scan/traps.gpu.test.ts': 6,
  'gpu/mechanisms/mamba-block/holds.gpu.test.ts': 6,
  'app/mechanisms/selective-scan/traps.gpu.test.ts': 5,
  'gpu/model/sentence-encoder/sentence-encoder.gpu.test.ts': 5,
};
const OTHERS = 2;

/**
 * @param {string[]} files
 * @param {number} count of shards
 * @returns {string[][]} the files of each shard; the yardstick in every one, as its first
 */
export function shardsOf(files, count) {
  const shards = Array.from({ length: count }, () => ({
    files: files.filter((file) => file === YARDSTICK),
    seconds: 0,
  }));
  const takes = (file) => SECONDS[file] ?? OTHERS;
  const others = files.filter((file) => file !== YARDSTICK).sort((a, b) => takes(b) - takes(a) || (a < b ? -1 : 1));
  for (const file of others) {
    const least = shards.reduce((best, shard) => (shard.seconds < best.seconds ? shard : best));
    least.files.push(file);
    least.seconds += takes(file);
  }
  return shards.map(({ files }) => files);
}

const fileOf = ({ moduleId }) => relative(process.cwd(), moduleId);

export default class ShardSequencer extends BaseSequencer {
  shard(specifications) {
    const { index, count } = this.ctx.config.shard;
    const own = new Set(shardsOf(specifications.map(fileOf), count)[index - 1]);
    return specifications.filter((each) => own.has(fileOf(each)));
  }

  /** The yardstick first: what starting a browser takes is always its own. */
  async sort(specifications) {
    const sorted = await super.sort(specifications);
    const isYardstick = (each) => fileOf(each) === YARDSTICK;
    return [...sorted.filter(isYardstick), ...sorted.filter((each) => !isYardstick(each))];
  }
}
