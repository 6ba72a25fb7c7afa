// What the time of our attention goes into on a software adapter: the same kernel with one thing taken out, timed beside it. The
// results of such a kernel are wrong on purpose; only its time is looked at.

import type { DeviceContext } from '../gpu/runtime/device/device.ts';
import { enterOurs, experimentOf, planOf } from './contestants/ours.ts';
import { attention } from './problem.ts';
import { type RaceOptions, sampleEntry } from './race.ts';
import { type Estimate, ratioOf } from './statistics.ts';

const KERNEL = 'flash-v2-tuned-software-quad.wgsl';

/** Every `from` must be found: an edit that changes nothing would say that its part costs nothing. */
const EDITS: { what: string; from: RegExp; to: string }[] = [
  { what: 'loading k and v', from: /rows\[(\d)\] = [kv]\[at\.(\w)\];/g, to: 'rows[$1] = vec4<f32>(f32(at.$2));' },
  { what: 'loading q', from: /row = q\[at\];/g, to: 'row = vec4<f32>(f32(at));' },
  { what: 'keeping the output in an array', from: /let at = c \* ROWS;/g, to: 'let at = 0u;' },
  { what: 'swapping within the quad', from: /return Keys\(quadSwap.*?\); \}/g, to: 'return a; }' },
  { what: 'exponentials', from: /exp2\(s - m\)/g, to: '(s - m)' },
];

export interface Limit {
  what: string;
  /** Time without it over time with it. */
  rest: Estimate;
}

/** @returns nothing where the device takes another form of the kernel */
export async function limits(context: DeviceContext, options: RaceOptions): Promise<Limit[]> {
  const problem = attention(512, false);
  const { plan, sources } = planOf(context, problem);
  if (!plan.passes.some(({ kernel }) => kernel === KERNEL)) return [];
  const wgsl = sources.get(KERNEL)!;
  const { experiment } = experimentOf(problem);
  const entries = [{ what: '', entry: await enterOurs(context, problem), samples: [] as number[] }];
  for (const { what, from, to } of EDITS) {
    const edited = wgsl.replace(from, to);
    if (edited === wgsl) throw new Error(`${KERNEL} has nothing left that is ${what}`);
    const entry = await enterOurs(context, problem, { ...experiment, sources: { [KERNEL]: edited } });
    entries.push({ what, entry, samples: [] });
  }
  for (const { entry } of entries) await entry.run(1);
  for (let round = 0; round < options.rounds; round++) {
    for (const { entry, samples } of round % 2 === 0 ? entries : [...entries].reverse()) {
      const { wallMs, processorMs } = await sampleEntry(entry, 1, options);
      samples.push(processorMs ?? wallMs);
    }
  }
  for (const { entry } of entries) await entry.dispose();
  const [whole, ...parts] = entries;
  return parts.map(({ what, samples }) => ({ what, rest: ratioOf(samples, whole!.samples) }));
}
