// Every composed model, by id, each loaded when it is first asked for. A new one adds one line.

import type { Model } from './model.ts';

const loaders: Record<string, () => Promise<Model>> = {
  stack: async () => (await import('./stack/stack.ts')).stack,
  'sentence-encoder': async () => (await import('./sentence-encoder/index.ts')).sentenceEncoder,
};

const loaded = new Map<string, Model>();

/** Those loaded so far; whole after `loadModels`. For a list that is whole from the start import `all.ts`. */
export const models: ReadonlyMap<string, Model> = loaded;

/** Loads one model; an unknown id loads all of them, so that a message can name what there is. */
export async function loadModel(id: string): Promise<void> {
  if (loaded.has(id)) return;
  const load = Object.hasOwn(loaders, id) ? loaders[id] : undefined;
  if (load) loaded.set(id, await load());
  else await loadModels();
}

/** Loads every model. @returns them in the order of the list above */
export async function loadModels(): Promise<ReadonlyMap<string, Model>> {
  const ids = Object.keys(loaders);
  await Promise.all(ids.map(loadModel));
  return new Map(ids.map((id) => [id, loaded.get(id)!]));
}
