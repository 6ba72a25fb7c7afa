// The run controller over an engine that answers from a script and records nothing.

import { expect, vi } from 'vitest';
import { EngineError } from '#gpu/core/errors.ts';
import { mechanisms } from '#gpu/mechanisms/all.ts';
import type {
  AdapterFacts,
  Engine,
  Experiment as EngineExperiment,
  Measurement,
  ModelSpec,
  Ran,
  Run,
  RunOptions,
} from '#gpu/runtime/api.ts';
import * as runtime from '#gpu/runtime/measure/autotune.ts';
import { resolve } from '#gpu/runtime/run/experiment.ts';
import type { Trace } from '#gpu/trace/trace.ts';
import type { Reads } from '../../exhibit/reads.ts';
import type { MechanismView } from '../../exhibit/view.ts';
import { wholeExhibit } from '../../exhibit/whole-view.ts';
import { attentionExhibit } from '../../mechanisms/attention/exhibit.ts';
import type { CheckParity } from '../beside/parity.ts';
import { createTuner } from '../beside/tuner.ts';
import { createEncoderLoader, type FetchEncoder } from '../run/encoder-loader.ts';
import { createRunController } from '../run-controller.ts';
import { createConfigStore } from '../stores/config-store.ts';
import { createCursorStore } from '../stores/cursor-store.ts';
import { DEFAULT_EXPERIMENT } from '../stores/experiment.ts';
import { createSessionStore } from '../stores/session-store.ts';

const wholeAttention = await wholeExhibit(attentionExhibit);

/** A software adapter with subgroups of four, as far as the page asks. */
export const ADAPTER: AdapterFacts = {
  vendor: 'test',
  architecture: '',
  description: 'scripted engine',
  isSoftware: true,
  features: [],
  limits: {
    maxStorageBufferBindingSize: 2 ** 27,
    maxBufferSize: 2 ** 28,
    maxComputeWorkgroupStorageSize: 16_384,
    maxComputeInvocationsPerWorkgroup: 256,
    maxComputeWorkgroupSizeX: 256,
    maxComputeWorkgroupSizeY: 256,
    maxComputeWorkgroupSizeZ: 64,
    maxComputeWorkgroupsPerDimension: 65_535,
    maxStorageBuffersPerShaderStage: 8,
    isSoftware: 1,
    subgroupMinSize: 4,
    subgroupMaxSize: 4,
  },
  timestampQuantumNs: null,
};

export const EMPTY_TRACE: Trace = {
  buffers: [],
  totals: [],
  operations: { multiply: 0, add: 0, divide: 0, compare: 0, special: 0 },
  events: {},
  dispatches: [],
  lines: [],
  columns: {},
  steps: [],
  matchesPlain: true,
  truncated: false,
} as unknown as Trace;

/** What an engine makes of an experiment on this adapter. */
export const ranBy = (experiment: EngineExperiment, inputs?: RunOptions['inputs']): Ran =>
  resolve({ mechanisms, models: new Map() }, experiment, inputs, ADAPTER.limits).ran;

export interface SetUpOptions {
  /** What a run does before it ends. */
  run?: (experiment: EngineExperiment, signal?: AbortSignal, inputs?: RunOptions['inputs']) => Promise<void>;
  /** Before the engine is there. */
  opening?: Promise<void>;
  /** What loading an exhibit waits for. */
  loadExhibit?: (mechanism: string) => Promise<void> | undefined;
  /** What a view makes of a recording before it is shown. */
  prepare?: MechanismView['prepare'];
  /** What a run that has ended has to say. */
  warnings?: () => string[];
  /** Milliseconds that an experiment is said to take; 1 by default. May wait, and reject. */
  measure?: (experiment: EngineExperiment, signal?: AbortSignal) => number | Promise<number>;
  /** The sentence encoder; there is none by default. */
  fetchEncoder?: FetchEncoder;
  now?: () => number;
  /** What the encoder's model gives: q, k and v. */
  encoded?: Run['outputs'];
  /** What the exhibit makes of sentences and files; as attention by default. */
  reads?: Reads;
  /** Where tunings are remembered; denied by default. */
  storage?: () => Storage;
}

/** The controller over a scripted engine that records nothing; `log` says what the engine was asked. */
export function setUp(options: SetUpOptions = {}) {
  const log: string[] = [];
  const config = createConfigStore(() => 0);
  const session = createSessionStore();
  const cursor = createCursorStore();
  config.setState({ experiment: { ...DEFAULT_EXPERIMENT, input: 'random', config: { nq: 16, nk: 16, headDim: 8 } } });
  const engine = {
    adapter: ADAPTER,
    async run(experiment: EngineExperiment, { signal, inputs }: RunOptions = {}): Promise<Run> {
      log.push(`run ${nameOf(experiment)}`);
      await options.run?.(experiment, signal, inputs);
      const ran = ranBy(experiment, inputs);
      return { outputs: {}, trace: EMPTY_TRACE, warnings: options.warnings?.() ?? [], ran };
    },
    async open({ model }: ModelSpec) {
      log.push(`open ${model}`);
      return { run: async () => ({ outputs: options.encoded ?? {}, warnings: [] }), dispose: () => {} };
    },
    async measure(contestants: EngineExperiment[], { signal }: { signal?: AbortSignal } = {}) {
      log.push(`measure ${contestants.map(nameOf).join(' ')}`);
      const found: Measurement[] = [];
      for (const experiment of contestants) {
        const ms = (await options.measure?.(experiment, signal)) ?? 1;
        if (signal?.aborted) throw new EngineError('aborted', 'cancelled');
        found.push({
          samplesMs: [ms],
          medianMs: ms,
          ci95Ms: [ms, ms],
          clock: 'queue-wall',
          quantumNs: null,
          repeatsPerSample: 1,
          rounds: 1,
        });
      }
      return found;
    },
    dispose: () => log.push('dispose'),
  } as unknown as Engine;
  const checkParity: CheckParity = async ({ config: resolved }) => {
    log.push(`parity ${String(resolved.nq)}`);
    return [];
  };
  const encoder = createEncoderLoader(session, options.fetchEncoder ?? noEncoder, () => 0);
  const controller = createRunController({
    config,
    session,
    cursor,
    mechanisms,
    loadExhibit: async (id) => options.loadExhibit?.(id),
    viewOf: () => ({
      ...wholeAttention,
      reads: options.reads ?? wholeAttention.reads,
      prepare: options.prepare ?? wholeAttention.prepare,
    }),
    openEngine: async () => {
      await options.opening;
      return engine;
    },
    loadTuner: async () => createTuner(runtime, options.storage ?? deniedStorage, () => 0),
    encoder,
    checkParity,
    now: options.now ?? (() => 0),
    autoplay: () => false,
    linkedPlace: null,
  });
  return { log, config, session, controller };
}

const noEncoder: FetchEncoder = async () => {
  throw new EngineError('bad-file', 'no encoder in this test');
};

const deniedStorage = (): Storage => {
  throw new DOMException('denied', 'SecurityError');
};

/** 'flash-v2'; with the constants that its config names: 'flash-v2-tuned/LANES=8'. */
function nameOf({ variant, config }: EngineExperiment): string {
  const { tuning } = config as { tuning?: Record<string, number> };
  const constants = Object.entries(tuning ?? {}).map(([name, value]) => `/${name}=${value}`);
  return variant + constants.join('');
}

export const settled = (session: ReturnType<typeof createSessionStore>) =>
  vi.waitFor(() => expect(session.getState().timing.kind).toBe('done'), { timeout: 4000 });
