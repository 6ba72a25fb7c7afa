// What a build runs as: the trained model of its preset as long as nothing was changed, else its own stack with weights from the seed.

import { EngineError } from '#gpu/core/errors.ts';
import type { Tensor } from '#gpu/core/tensor.ts';
import type { ForeignModel } from '#gpu/model/foreign/foreign-model.ts';
import { resolveStack, type StackConfig, stackOf } from '#gpu/model/stack/config.ts';
import { weightsOf } from '#gpu/model/stack/plan.ts';
import { type StackPreset, stackPresets } from '#gpu/model/stack/presets.ts';
import { numberCodec } from '#gpu/model/texts.ts';
import type { TrainedCard } from '#gpu/model/trained-manifest.ts';
import { trainedConfig, trainedWeights } from '#gpu/model/trained-stack.ts';
import { loadTrained, type Trained } from '#gpu/model/trained-weights.ts';
import { codecOf, type Prepared } from '../state/run/model-runs.ts';
import type { Build, RawStack } from '../state/stores/model-store.ts';

/** The preset of a model that came from files: it stands in no list and in no link. */
export const FROM_FILES = 'file';

/** @throws EngineError bad-config for a preset that is none */
function presetOf({ preset: id }: Build): StackPreset {
  const preset = stackPresets.find((each) => each.id === id);
  if (preset) return preset;
  const limit = stackPresets.map((each) => each.id);
  if (id === FROM_FILES) {
    const lost = 'This model came from files, which no link carries: open its config.json and model.safetensors again';
    throw new EngineError('bad-config', lost, { field: 'preset', value: id, limit });
  }
  throw new EngineError('bad-config', `there is no preset ${id}`, { field: 'preset', value: id, limit });
}

/** The stack that a build shows: its own, or its preset's. @throws EngineError bad-config */
export const shownStack = (build: Build): RawStack => build.stack ?? presetOf(build).config;

export interface BroughtModel {
  title: string;
  model: ForeignModel;
}

/**
 * A model from config.json and model.safetensors, in either order.
 *
 * @throws EngineError naming field, value and limit
 */
export async function bringModel(files: readonly File[]): Promise<BroughtModel> {
  const config = files.find(({ name }) => /\.json$/i.test(name));
  const weights = files.find(({ name }) => /\.safetensors$/i.test(name));
  if (!config || !weights) {
    const names = files.map(({ name }) => name).join(', ');
    throw new EngineError(
      'bad-file',
      `A model is two files, config.json and model.safetensors, opened together; these are ${names}`,
      { field: 'files', value: names },
    );
  }
  if (weights.size > MOST_FILE_BYTES) {
    const message = `${weights.name} has ${weights.size} bytes; at most ${MOST_FILE_BYTES} are read`;
    throw new EngineError('limit-exceeded', message, {
      field: weights.name,
      value: weights.size,
      limit: MOST_FILE_BYTES,
    });
  }
  const { readForeignModel } = await import('#gpu/model/foreign/foreign-model.ts');
  const model = readForeignModel(await config.text(), new Uint8Array(await weights.arrayBuffer()));
  return { title: `${model.type} of ${weights.name}`, model };
}
const MOST_FILE_BYTES = 512 * 2 ** 20;

const loaded = new Map<string, Promise<Trained>>();

/** Once; again where it failed or was given up. */
function load(id: string, signal: AbortSignal, onShare: (share: number) => void): Promise<Trained> {
  const before = loaded.get(id);
  if (before) return before;
  const loading = loadTrained({
    folder: new URL(`models/${id}/`, document.baseURI).href,
    fetch: (address, options) => fetch(address, options),
    signal,
    onProgress: (bytes, total) => onShare(total > 0 ? bytes / total : 0),
  });
  loaded.set(id, loading);
  loading.catch(() => loaded.delete(id));
  return loading;
}

/** 'Held-out text: 2.00 bits per character (1.96 to 2.03); the best n-gram needs 2.11.' */
export function resultText({ result, metric, baselines, better, data }: TrainedCard): string {
  const isShare = metric === 'accuracy';
  const shown = (value: number) => (isShare ? `${(100 * value).toFixed(1)} %` : value.toFixed(2));
  const best = baselines.reduce((least, each) => ((better === 'lower') === each.value < least.value ? each : least));
  const [low, high] = result.interval;
  return `Held out (${data.heldOutPart}): ${shown(result.value)} ${isShare ? 'right' : metric} (95 %: ${shown(low)} to ${shown(high)}; ${result.seeds === 1 ? 'one seed' : `${result.seeds} seeds`}). Best baseline, ${best.name}: ${shown(best.value)}.`;
}

/** Weights of the trained model for a stack that was changed: those of the same name and shape, as long as no block was added or taken away. */
function keptWeights(config: StackConfig, trained: Trained): Record<string, Tensor> {
  if (config.blocks.length !== trained.manifest.model.blocks.length) return {};
  const weights = trainedWeights(trained);
  const wanted = Object.entries(weightsOf(stackOf(config)));
  const isSame = (name: string, shape: readonly number[]) => String(weights[name]?.shape) === String(shape);
  return Object.fromEntries(
    wanted.flatMap(([name, { shape }]) => (isSame(name, shape) ? [[name, weights[name]!]] : [])),
  );
}

/** Its own weights; where its stack was changed, those that still fit. Its tokens are typed as numbers: its tokenizer is not read. */
function broughtBuild({ stack }: Build, { title, model }: BroughtModel): Prepared {
  const config = stack ? resolveStack(stack) : model.config;
  const codec = numberCodec(config.tokens.vocabulary as number);
  const wanted = Object.entries(weightsOf(stackOf(config)));
  const kept = wanted.filter(([name, { shape }]) => String(model.weights[name]?.shape) === String(shape));
  const weights = Object.fromEntries(kept.map(([name]) => [name, model.weights[name]!]));
  if (kept.length === wanted.length)
    return {
      config,
      codec,
      weights,
      from: { kind: 'trained', title, result: 'From your files; nothing was uploaded.' },
    };
  return { config, codec, weights, from: { kind: 'changed', title, kept: kept.length, all: wanted.length } };
}

/**
 * The stack with its weights, and how its tokens are read.
 *
 * @throws EngineError bad-config naming the field behind its part's place; bad-file, aborted
 */
export async function prepareBuild(
  build: Build,
  signal: AbortSignal,
  onShare: (share: number) => void,
  brought: BroughtModel | null,
): Promise<Prepared> {
  if (build.preset === FROM_FILES && brought) return broughtBuild(build, brought);
  const { trained: id } = presetOf(build);
  const own = build.stack && resolveStack(build.stack);
  if (id === undefined) {
    const config = own ?? resolveStack(shownStack(build));
    return { config, codec: codecOf(config), from: { kind: 'untrained' } };
  }
  const trained = await load(id, signal, onShare);
  const { manifest, card } = trained;
  const config = own ?? trainedConfig(manifest);
  const codec = codecOf(config, manifest.alphabet);
  if (!own) {
    const from = { kind: 'trained', title: card.title, result: resultText(card) } as const;
    return { config, codec, weights: trainedWeights(trained), from };
  }
  const weights = keptWeights(own, trained);
  const [kept, all] = [Object.keys(weights).length, Object.keys(weightsOf(stackOf(own))).length];
  if (kept === 0) return { config, codec, from: { kind: 'untrained' } };
  return { config, codec, weights, from: { kind: 'changed', title: card.title, kept, all } };
}
