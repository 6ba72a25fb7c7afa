// A model from elsewhere in Hugging Face's form, config.json and model.safetensors → a stack and its weights. What no stack can run is
// refused by name, with its value and what would do.

import { EngineError } from '../../core/errors.ts';
import { parseSafetensors, requireRead } from '../../core/safetensors.ts';
import { toFloat32 } from '../../core/stored-tensor.ts';
import type { Tensor } from '../../core/tensor.ts';
import { resolveStack, type StackConfig, stackOf } from '../stack/config.ts';
import { weightsOf } from '../stack/plan.ts';
import { type Architecture, architectures } from './architectures.ts';

export interface ForeignModel {
  /** 'gpt2', 'llama', 'mamba' */
  type: string;
  config: StackConfig;
  weights: Record<string, Tensor>;
  /** Tensors of the file that the model does not need. */
  unused: string[];
}

const MOST_CONFIG_BYTES = 1_000_000;

const refused = (message: string, facts: { field: string; value?: unknown; limit?: unknown }) =>
  new EngineError('bad-file', message, facts);

function readConfig(text: string): Record<string, unknown> {
  const field = 'config.json';
  if (text.length > MOST_CONFIG_BYTES) {
    const message = `config.json has ${text.length} characters; at most ${MOST_CONFIG_BYTES} are read`;
    throw refused(message, { field, value: text.length, limit: MOST_CONFIG_BYTES });
  }
  try {
    const config = JSON.parse(text) as unknown;
    if (typeof config === 'object' && config !== null && !Array.isArray(config))
      return config as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw refused('config.json is no JSON object', { field });
}

function architectureOf(config: Record<string, unknown>): Architecture {
  const { model_type: type } = config;
  const found = typeof type === 'string' && Object.hasOwn(architectures, type) ? architectures[type] : undefined;
  if (found) return found;
  const limit = Object.keys(architectures);
  const message = `config.json: models of the type ${JSON.stringify(type) ?? 'nothing'} cannot be run; ${limit.join(', ')} can`;
  throw refused(message, { field: 'model_type', value: type, limit });
}

/**
 * @param configText config.json
 * @param bytes model.safetensors; float32, float16 or bfloat16
 * @throws EngineError bad-file, bad-config, limit-exceeded naming field, value and limit; nothing else, whatever the bytes
 */
export function readForeignModel(configText: string, bytes: Uint8Array): ForeignModel {
  const raw = readConfig(configText);
  const architecture = architectureOf(raw);
  const config = resolveStack(architecture.stack(raw));
  const stored = parseSafetensors(bytes);
  const left = new Set(stored.keys());
  const take = (name: string): Tensor | undefined => {
    // Saved with the head around it or without.
    const found = [name, ...architecture.prefixes.map((prefix) => prefix + name)].find((each) => stored.has(each));
    if (found === undefined) return undefined;
    left.delete(found);
    return toFloat32(requireRead(stored.get(found)!));
  };
  const weights: Record<string, Tensor> = {};
  const given = architecture.weights(raw, (name) => {
    const value = take(name);
    if (value) return value;
    throw refused(`model.safetensors has no tensor ${name}`, { field: name, limit: [...stored.keys()].slice(0, 20) });
  });
  for (const [name, { shape }] of Object.entries(weightsOf(stackOf(config)))) {
    const value = given[name]?.();
    if (!value) throw refused(`${name} of the stack has no tensor in a model of this type`, { field: name });
    if (String(value.shape) !== String(shape)) {
      const message = `the tensor for ${name} is [${value.shape.join(', ')}]; config.json makes it [${shape.join(', ')}]`;
      throw refused(message, { field: name, value: value.shape, limit: shape });
    }
    weights[name] = value;
  }
  return {
    type: String(raw.model_type),
    config,
    weights,
    unused: [...left].filter((name) => !architecture.isIdle(name)),
  };
}
