// Medians, ratios of medians with their intervals, and the exponent of time over size.

import { uniformStream } from '../gpu/core/random.ts';
import { median } from '../gpu/runtime/measure/statistics.ts';

const RESAMPLES = 2000;

export interface Estimate {
  value: number;
  /** 95 % bootstrap interval. */
  low: number;
  high: number;
}

function bootstrap(seed: string, resample: (pick: (length: number) => number) => number, value: number): Estimate {
  const random = uniformStream(1, seed);
  const pick = (length: number) => Math.floor(random() * length);
  const values = Array.from({ length: RESAMPLES }, () => resample(pick)).sort((a, b) => a - b);
  return { value, low: values[Math.floor(RESAMPLES * 0.025)]!, high: values[Math.ceil(RESAMPLES * 0.975) - 1]! };
}

const redraw = (samples: number[], pick: (length: number) => number) =>
  samples.map(() => samples[pick(samples.length)]!);

export function medianOf(samples: number[]): Estimate {
  return bootstrap('median', (pick) => median(redraw(samples, pick)), median(samples));
}

/** Ratio of medians. */
export function ratioOf(samples: number[], base: number[]): Estimate {
  const value = median(samples) / median(base);
  return bootstrap('ratio', (pick) => median(redraw(samples, pick)) / median(redraw(base, pick)), value);
}

/** Slope of log time over log size, by least squares on the medians. */
export function exponentOf(series: { size: number; samples: number[] }[]): Estimate {
  const slope = (medians: number[]) => {
    const points = series.map(({ size }, index) => [Math.log(size), Math.log(medians[index]!)] as const);
    const mean = (axis: 0 | 1) => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
    const [mx, my] = [mean(0), mean(1)];
    const over = points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0);
    return over / points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
  };
  const value = slope(series.map(({ samples }) => median(samples)));
  return bootstrap('exponent', (pick) => slope(series.map(({ samples }) => median(redraw(samples, pick)))), value);
}
