// Every composed model, by id. A new one adds one line.

import type { Model } from './model.ts';
import { sentenceEncoder } from './sentence-encoder/index.ts';

const all: Model[] = [sentenceEncoder];

export const models: ReadonlyMap<string, Model> = new Map(all.map((model) => [model.id, model]));
