// The model `sentence-encoder`: the first layer of Universal Sentence Encoder lite, up to its q, k and v.

import type { Model } from '../model.ts';
import { type EncoderConfig, resolve, schema } from './config.ts';
import { checkTokens, kernels, plan } from './plan.ts';
import { reference } from './reference.ts';

export const sentenceEncoder: Model = {
  id: 'sentence-encoder',
  title: 'Universal Sentence Encoder lite, first layer',
  config: schema,
  kernels,
  resolve(raw, inputs) {
    const config = resolve(raw, inputs);
    checkTokens(config, inputs ?? {});
    return config;
  },
  plan: (config, limits) => plan(config as EncoderConfig, limits),
  reference: (config, inputs) => reference(config as EncoderConfig, inputs),
};
