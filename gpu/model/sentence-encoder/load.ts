// Loads the sentence encoder: manifest, vocabulary, weights. About 7.9 MB in all; nothing is kept here, so the caller caches.

import { EngineError } from '../../core/errors.ts';
import { inflate } from '../../core/inflate.ts';
import { elementCount, type Tensor } from '../../core/tensor.ts';
import { download, type Fetch } from './download.ts';
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
  const planes = await planesOf(packed, manifest.weights.elements * 4, manifest.weights.file);
  return {
    manifest,
    tokenize: createTokenizer({ pieces, reserved: manifest.vocabulary.reserved }),
    weights: unpack(planes, manifest),
  };
}

const utf8 = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

async function planesOf(packed: Uint8Array, byteLength: number, file: string): Promise<Uint8Array> {
  const planes = await inflate(packed, byteLength, 'deflate').catch(() => null);
  if (planes?.length === byteLength) return planes;
  throw new EngineError('bad-file', `${file} does not unpack to ${byteLength} bytes`, {
    field: file,
    limit: byteLength,
  });
}

/** Each tensor gets an array of its own, so that it can be transferred alone. */
function unpack(planes: Uint8Array, { weights }: EncoderManifest): Record<string, Tensor> {
  const { elements, tensors } = weights;
  const [p0, p1, p2, p3] = [0, 1, 2, 3].map((plane) => planes.subarray(plane * elements, (plane + 1) * elements)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  return Object.fromEntries(
    tensors.map(({ name, shape, offset }) => {
      const length = elementCount(shape);
      if (offset + length > elements) {
        const facts = { field: `manifest.json: ${name}`, value: offset + length, limit: elements };
        throw new EngineError('bad-file', `manifest.json: ${name} ends past the weights`, facts);
      }
      const words = new Uint32Array(length);
      for (let i = 0, at = offset; i < length; i++, at++) {
        words[i] = p0[at]! | (p1[at]! << 8) | (p2[at]! << 16) | (p3[at]! << 24);
      }
      return [name, { dtype: 'f32' as const, shape, data: new Float32Array(words.buffer) }];
    }),
  );
}
