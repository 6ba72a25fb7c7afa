// What a mechanism keeps and reads to go on by one token, against the number of tokens before: Sessions of the mechanism on screen and of
// every other that declares how it decodes, with tokens of the same width. Bytes are those of the Sessions' buffers and of recorded steps.

import { EngineError } from '#gpu/core/errors.ts';
import type { Config, Decoding, Mechanism } from '#gpu/mechanisms/mechanism.ts';
import { loadMechanisms } from '#gpu/mechanisms/registry.ts';
import type { Engine, Run } from '#gpu/runtime/api.ts';
import type { Growth, GrowthPoint } from '../../exhibit/study.ts';
import { assertWatchable, type PreparedRun } from '../run/prepared-run.ts';
import type { Stages } from '../run/stages.ts';
import type { SessionStore } from '../stores/session-store.ts';

/** Short enough that a cache can be smaller than a state, long enough that it no longer is. */
const LENGTHS = [4, 16, 64, 256, 1024, 4096];
/** What a device, or the page's patience with it, may refuse at some length while shorter ones run. */
const TOO_LONG = ['limit-exceeded', 'out-of-memory', 'unsupported'];
const COUNTS_ONLY = { steps: false, touches: false, probes: false };

interface Contestant {
  mechanism: Mechanism;
  decoding: Decoding;
  configAt(length: number): Config;
  sources: Record<string, string>;
  points: GrowthPoint[];
}

/** Of its own width, the one on screen like its config; sources apply only to the variant they were written for. */
function contestantOf(
  mechanism: Mechanism,
  decoding: Decoding,
  width: number,
  like?: Config,
  sources = {},
): Contestant {
  const configAt = (length: number) => mechanism.resolve(decoding.configAt(length, width, like));
  return { mechanism, decoding, configAt, sources, points: [] };
}

/** Everything else that goes on token by token. */
async function rivalsOf(mechanism: Mechanism, width: number): Promise<Contestant[]> {
  const others = [...(await loadMechanisms()).values()].filter(
    ({ id, role }) => role === 'mechanism' && id !== mechanism.id,
  );
  const decodings = await Promise.all(others.map((each) => each.decoding?.()));
  return others.flatMap((each, i) => (decodings[i] ? [contestantOf(each, decodings[i], width)] : []));
}

/** Runs what reaches the device again after a loss of it, where the edited kernels allow. */
type Surviving = <T>(work: () => Promise<T>, signal: AbortSignal, edited?: readonly string[]) => Promise<T>;

/**
 * As a stage of the chain: once per recording, dropped with everything else that belongs to a config that is no longer on screen.
 *
 * @param prepared the last run of this device
 * @param again also where the recording on screen has its result
 */
export function grow(
  engine: Engine,
  prepared: PreparedRun,
  { session, stages, surviving }: { session: SessionStore; stages: Stages; surviving: Surviving },
  again: boolean,
): void {
  const { recording, stale, growth, grown } = session.getState();
  // A shipped recording, one from a file or a preset that stands in has no run of this device behind it.
  if (!recording || stale || prepared.config !== recording.config || growth.kind === 'running') return;
  if (!again && grown?.recording === recording.id) return;
  const label = 'Opening a Session of every length';
  void stages.during('growth', label, async (signal) => {
    const onProgress = (share: number) => !signal.aborted && stages.progress('growth', label, share);
    const measure = () => measureGrowth(engine, recording.id, prepared, { signal, onProgress });
    const result = await surviving(measure, signal, prepared.edited);
    if (!signal.aborted) session.setState({ grown: result });
  });
}

/**
 * The recording's own length is measured too, so that the run on screen has a point.
 *
 * @throws EngineError unsupported where the mechanism or its settings have no decode step; aborted; what the engine throws at the
 *   shortest length
 */
export async function measureGrowth(
  engine: Pick<Engine, 'open' | 'adapter'>,
  recording: string,
  { mechanism, config, experiment }: PreparedRun,
  { signal, onProgress }: { signal: AbortSignal; onProgress(share: number): void },
): Promise<Growth> {
  const own = await mechanism.decoding?.();
  if (!own) {
    const message = `${mechanism.title} does not go on token by token`;
    throw new EngineError('unsupported', message, { field: 'mechanism', value: mechanism.id });
  }
  const [width, length] = [own.width(config), own.length(config)];
  const sources = experiment.variant === own.variant ? experiment.sources : {};
  const contestants = [contestantOf(mechanism, own, width, config, sources), ...(await rivalsOf(mechanism, width))];
  const lengths = [...new Set([...LENGTHS, length])].sort((a, b) => a - b);
  let stopped: string | null = null;
  for (const [i, each] of lengths.entries()) {
    try {
      const points: GrowthPoint[] = [];
      for (const contestant of contestants) points.push(await pointOf(engine, contestant, each, signal));
      contestants.forEach((contestant, at) => void contestant.points.push(points[at]!));
    } catch (error) {
      if (i === 0 || !(error instanceof EngineError) || !TOO_LONG.includes(error.code)) throw error;
      stopped = error.message;
      break;
    }
    onProgress((i + 1) / lengths.length);
  }
  return {
    ...{ recording, width, length, stopped },
    series: contestants.map(({ mechanism: { id, title }, decoding: { keeps, letter, sizes }, configAt, points }) => {
      return { mechanism: id, title, keeps, letter, sizes: sizes(configAt(lengths[0]!)), points };
    }),
  };
}

async function pointOf(
  engine: Pick<Engine, 'open' | 'adapter'>,
  { mechanism, decoding, configAt, sources }: Contestant,
  length: number,
  signal: AbortSignal,
): Promise<GrowthPoint> {
  const { variant: id, caches, prefill, step, makeToken, cacheBytes } = decoding;
  const config = configAt(length);
  const variant = mechanism.variants.find((each) => each.id === id)!;
  assertWatchable({ mechanism, variant, config }, engine.adapter.isSoftware);
  const session = await engine.open({ mechanism: mechanism.id, variant: id, config, sources }, { signal });
  try {
    if (prefill) await session.run(prefill, { signal });
    const run = await session.run(step, { inputs: makeToken?.(config, 1), trace: COUNTS_ONLY, signal });
    const kept = Object.fromEntries(caches.map((name) => [name, session.bytes[name]!]));
    return {
      ...{ length, caches: kept, kept: sum(Object.values(kept)), closedForm: cacheBytes(config) },
      ...movedBy(run, caches),
    };
  } finally {
    session.dispose();
  }
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** @throws EngineError internal when the step was not recorded, or an output holds no numbers: it is NaN until it is written */
function movedBy({ outputs, trace }: Run, caches: readonly string[]) {
  const unwritten = Object.entries(outputs).find(([, { data }]) => data.length === 0 || data.some(Number.isNaN));
  if (!trace || unwritten) {
    throw new EngineError('internal', `the decode step left no ${unwritten?.[0] ?? 'recording'}`);
  }
  const storage = new Set(trace.buffers.filter(({ space }) => space === 'storage').map(({ name }) => name));
  const totals = trace.totals.filter(({ buffer }) => storage.has(buffer));
  return {
    read: sum(totals.map(({ loadBytes }) => loadBytes)),
    written: sum(totals.map(({ storeBytes }) => storeBytes)),
    readOfKept: sum(totals.filter(({ buffer }) => caches.includes(buffer)).map(({ loadBytes }) => loadBytes)),
  };
}
