// What a build runs as: the trained model of its preset as long as nothing was changed, else its own stack with weights from the seed.

import { EngineError } from '#gpu/core/errors.ts';
import { resolveStack } from '#gpu/model/stack/config.ts';
import { stackPresets } from '#gpu/model/stack/presets.ts';
import { codecOf, type Prepared } from '../state/run/model-runs.ts';
import type { Build, RawStack } from '../state/stores/model-store.ts';

/** The stack that a build shows: its own, or its preset's. @throws EngineError unknown-mechanism for a preset that is none */
export function shownStack({ preset: id, stack }: Build): RawStack {
  if (stack) return stack;
  const preset = stackPresets.find((each) => each.id === id);
  if (preset) return preset.config;
  const limit = stackPresets.map((each) => each.id);
  throw new EngineError('bad-config', `there is no preset ${id}`, { field: 'preset', value: id, limit });
}

/** @throws EngineError bad-config naming the field behind its part's place */
export async function prepareBuild(build: Build): Promise<Prepared> {
  const config = resolveStack(shownStack(build));
  return { config, codec: codecOf(config), from: { kind: 'untrained' } };
}
