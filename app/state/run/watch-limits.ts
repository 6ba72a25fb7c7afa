// How large a run may be for its recording to be watched, and which sizes would still fit. Pure: closed forms only.

import { EngineError } from '#gpu/core/errors.ts';
import { elementCount } from '#gpu/core/tensor.ts';
import type { Config, Limits, Mechanism } from '#gpu/mechanisms/mechanism.ts';
import type { Control } from '../../exhibit/control.ts';
import { planOf } from './wanted-inputs.ts';

const EXACT = new Intl.NumberFormat('en');

/** Elements moved between storage and the kernel that a recorded run may reach: some seconds on a small GPU, half a minute in software. */
const MOST_MOVED = 2 ** 31;
const MOST_MOVED_IN_SOFTWARE = 2 ** 26;

export const mostMoved = (isSoftware: boolean) => (isSoftware ? MOST_MOVED_IN_SOFTWARE : MOST_MOVED);

/** Elements a run of these sizes loads and stores, by the closed form. */
export function movedBy(mechanism: Mechanism, variant: string, config: Config, limits?: Limits): number {
  return mechanism.cost(variant, config, limits).buffers.reduce((sum, { loads, stores }) => sum + loads + stores, 0);
}

/**
 * By how much a run moves more than a recording may; null where it can be watched. Tensors that alone hold more are found first, by products
 * of the sizes: at once, whatever the sizes are.
 *
 * @returns the elements it moves, or that it moves at least
 */
export function excessOf(
  mechanism: Mechanism,
  variant: string,
  config: Config,
  isSoftware: boolean,
  limits?: Limits,
): { moved: number; isLeast: boolean } | null {
  const most = mostMoved(isSoftware);
  const held = planOf(mechanism, variant, config, limits)
    ?.buffers.filter(({ role }) => role === 'input' || role === 'output')
    .reduce((sum, { shape }) => sum + elementCount(shape), 0);
  if (held !== undefined && held > most) return { moved: held, isLeast: true };
  const moved = movedBy(mechanism, variant, config, limits);
  return moved > most ? { moved, isLeast: false } : null;
}

/** The largest whole number up to `most` that fits, to a thirty-second of it; null where not even 1 does. */
export function largestFitting(fits: (value: number) => boolean, most: number): number | null {
  if (!fits(1)) return null;
  let low = 1;
  // Upwards from below, so that no size far beyond the limit is ever counted.
  while (low * 2 <= most && fits(low * 2)) low *= 2;
  let high = Math.min(low * 2, most + 1);
  while (high - low > Math.max(1, low / 32)) {
    const middle = (low + high) >>> 1;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** Whether `raw` is a config of the mechanism whose run can be watched here. */
function fitsHere(mechanism: Mechanism, variant: string, raw: object, isSoftware: boolean, limits?: Limits): boolean {
  try {
    return excessOf(mechanism, variant, mechanism.resolve(raw), isSoftware, limits) === null;
  } catch {
    return false;
  }
}

function isConfig(mechanism: Mechanism, raw: object): boolean {
  try {
    mechanism.resolve(raw);
    return true;
  } catch {
    return false;
  }
}

/** Among so many values is the first that others divide, as chunks do; a config that is none of them is refused for something else. */
const FIRST_AMONG = 256;

/** Where the range of a control that lengthens the recording has to end; null where the mechanism's own end is near enough. */
export function watchableEnd(
  { apply, range }: Control,
  most: number,
  { mechanism, variant, config, limits, isSoftware }: WatchableCase,
): number | null {
  const rawOf = (value: number) => {
    const changed = Object.entries({ ...config, ...apply(config, value, limits) });
    return Object.fromEntries(changed.filter(([, each]) => each !== undefined));
  };
  const fits = (value: number) => fitsHere(mechanism, variant, rawOf(value), isSoftware, limits);
  if (fits(most)) return null;
  const { min, step } = range(config, limits);
  const tried = Math.min(FIRST_AMONG, Math.floor((most - min) / step) + 1);
  const allowed = Array.from({ length: tried }, (_, i) => min + i * step);
  // A size that others divide is a multiple of the first that they do.
  const first = allowed.find((value) => isConfig(mechanism, rawOf(value)));
  if (first === undefined) return null;
  const unit = first === min ? step : first;
  const sizeAt = (count: number) => first + (count - 1) * unit;
  const count = largestFitting((each) => fits(sizeAt(each)), Math.floor((most - first) / unit) + 1);
  return count === null ? null : sizeAt(count);
}

export interface WatchableCase {
  mechanism: Mechanism;
  variant: string;
  config: Config;
  limits: Record<string, number>;
  isSoftware: boolean;
}

/** How many single changes are offered, those of the largest settings. */
const OFFERED = 2;

/**
 * What to say of a run that would take too long to watch: its size, where the limit is, and the sizes that would fit, each with all
 * else as it is.
 *
 * @param asked the config before it was resolved; null where given tensors decide the sizes
 * @param excess what `excessOf` found
 */
export function tooLong(
  mechanism: Mechanism,
  { id, title }: { id: string; title: string },
  config: Config,
  asked: object | null,
  isSoftware: boolean,
  { moved, isLeast }: { moved: number; isLeast: boolean },
): EngineError {
  const limit = mostMoved(isSoftware);
  const where = isSoftware ? 'in software' : 'on a GPU';
  const message = `${title} would move ${isLeast ? 'at least ' : ''}${EXACT.format(moved)} numbers; a recording ${where} stops at ${EXACT.format(limit)}`;
  const offers = asked ? smallerSizes(mechanism, id, config, asked, isSoftware) : [];
  const [first] = offers;
  if (!first) return new EngineError('limit-exceeded', message, { field: 'sizes', value: EXACT.format(moved) });
  const words = offers.map(({ key, now, most }) => `${key} ${EXACT.format(most)} in place of ${EXACT.format(now)}`);
  return new EngineError('limit-exceeded', `${message}. With the rest as it is, this would fit: ${orList(words)}`, {
    field: first.key,
    value: EXACT.format(first.now),
    limit: EXACT.format(first.most),
  });
}

const orList = (words: string[]) =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;

function smallerSizes(mechanism: Mechanism, variant: string, config: Config, asked: object, isSoftware: boolean) {
  const sizes = Object.entries(config)
    .filter((entry): entry is [string, number] => Number.isInteger(entry[1]) && (entry[1] as number) > 1)
    .sort(([, a], [, b]) => b - a);
  // Which form of a kernel runs, the device has said.
  const form = config.form === undefined ? {} : { form: config.form };
  const offers: { key: string; now: number; most: number }[] = [];
  for (const [key, now] of sizes) {
    if (offers.length === OFFERED) break;
    const fits = (value: number) => fitsHere(mechanism, variant, { ...asked, ...form, [key]: value }, isSoftware);
    const most = largestFitting(fits, now - 1);
    if (most !== null) offers.push({ key, now, most });
  }
  return offers;
}
