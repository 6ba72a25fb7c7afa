// Loads the sentence encoder: manifest, vocabulary, weights. About 7.9 MB in all; nothing is kept here, so the caller caches.

import type { Tensor } from '../../core/tensor.ts';
import { unpackPlanes } from '../byte-planes.ts';
import { download, type Fetch } from '../download.ts';
import { type EncoderManifest, parseManifest, parseVocabulary } from './manifest.ts';
import { createTokenizer, type Tokenizer } from './tokenizer.ts';

export interface SentenceEncoder {
  manifest: EncoderManifest;
  /** Text → tokens, exactly as the package does. */
  tokenize: Tokenizer;
  /** Float32 tensors by input name of the model: embedding, timing_rates, norm_scale, norm_bias, w_q, b_q, w_k, b_k, w_v, b_v. */
  weights: Record<string, Tensor>;
}

export interface LoadOptions {
  /** Address of the folder that holds manifest.json. */
  folder: string;
  /** The global `fetch` by default. */
  fetch?: Fetch;
  signal?: AbortSignal;
  /** Called as bytes arrive; `totalBytes` is 0 until the manifest is there. */
  onProgress?: (loadedBytes: number, totalBytes: number) => void;
}

const MANIFEST_LIMIT_BYTES = 65_536;

/** @throws EngineError bad-file (missing, damaged, wrong checksum: field names the file), aborted, unsupported */
export async function loadSentenceEncoder(options: LoadOptions): Promise<SentenceEncoder> {
  const folder = options.folder.endsWith('/') ? options.folder : `${options.folder}/`;
  let loaded = 0;
  let total = 0;
  const onBytes = (count: number) => {
    loaded += count;
    options.onProgress?.(loaded, total);
  };
  const fetching = { fetch: options.fetch ?? fetch, signal: options.signal, onBytes };

  const manifestFile = { file: 'manifest.json', bytes: MANIFEST_LIMIT_BYTES };
  const manifest = parseManifest(utf8(await download(folder, manifestFile, fetching)));
  total = loaded + manifest.weights.bytes + manifest.vocabulary.bytes;

  const [vocabulary, packed] = await Promise.all([
    download(folder, manifest.vocabulary, fetching),
    download(folder, manifest.weights, fetching),
  ]);
  const pieces = parseVocabulary(utf8(vocabulary), manifest.model.vocabularySize);
  return {
    manifest,
    tokenize: createTokenizer({ pieces, reserved: manifest.vocabulary.reserved }),
    weights: await unpackPlanes(packed, manifest.weights),
  };
}

const utf8 = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
