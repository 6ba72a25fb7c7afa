// Loads a model trained for this project: manifest, then weights. Nothing is kept here, so the caller caches.

import type { Tensor } from '../core/tensor.ts';
import { unpackPlanes } from './byte-planes.ts';
import { download, type Fetch } from './download.ts';
import { parseCard, parseTrainedManifest, type TrainedCard, type TrainedManifest } from './trained-manifest.ts';

export interface Trained {
  manifest: TrainedManifest;
  card: TrainedCard;
  /** Float32, by the names of the manifest; linear weights are [out, in]. */
  weights: Record<string, Tensor>;
}

export interface LoadTrainedOptions {
  /** Address of the folder that holds manifest.json. */
  folder: string;
  /** The global `fetch` by default. */
  fetch?: Fetch;
  signal?: AbortSignal;
  /** Called as bytes arrive; `totalBytes` is 0 until the manifest is there. */
  onProgress?: (loadedBytes: number, totalBytes: number) => void;
}

const JSON_LIMIT_BYTES = 65_536;

/** @throws EngineError bad-file (missing, damaged, wrong checksum: field names the file), aborted, unsupported */
export async function loadTrained(options: LoadTrainedOptions): Promise<Trained> {
  const folder = options.folder.endsWith('/') ? options.folder : `${options.folder}/`;
  let loaded = 0;
  let total = 0;
  const onBytes = (count: number) => {
    loaded += count;
    options.onProgress?.(loaded, total);
  };
  const fetching = { fetch: options.fetch ?? fetch, signal: options.signal, onBytes };
  const text = async (file: string) =>
    new TextDecoder().decode(await download(folder, { file, bytes: JSON_LIMIT_BYTES }, fetching));

  const manifest = parseTrainedManifest(await text('manifest.json'));
  const card = parseCard(await text('card.json'));
  total = loaded + manifest.weights.bytes;
  const packed = await download(folder, manifest.weights, fetching);
  return { manifest, card, weights: await unpackPlanes(packed, manifest.weights) };
}
