import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byteCodec, characterCodec, numberCodec } from './texts.ts';

test('characters go there and back; typesetters’ signs are read as plain ones, what there is not is named', () => {
  const codec = characterCodec('\n abcdefg"\'-.');
  expect(codec.vocabulary).toBe(13);
  const { ids, unknown } = codec.encode('“bad—cafe…” Zoë');
  expect(ids.map(codec.decode).join('')).toBe('"bad--cafe..." ');
  expect(unknown).toEqual(['Z', 'o', 'ë']);
});

test('bytes are those of UTF-8, and one that is no character is read by its number', () => {
  expect(byteCodec.encode('aé\n').ids).toEqual([97, 195, 169, 10]);
  expect([97, 195, 10, 7].map(byteCodec.decode)).toEqual(['a', '‹c3›', '\n', '‹07›']);
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(byteCodec.encode(text).ids.every((id) => id >= 0 && id < 256)).toBe(true);
    }),
  );
});

test('without a tokenizer tokens are typed as numbers; what is none, or too large, is named', () => {
  const codec = numberCodec(96);
  expect(codec.encode(' 17, 4 88\n96 word 4 -1')).toEqual({ ids: [17, 4, 88, 4], unknown: ['96', 'word', '-1'] });
  expect([17, 4].map(codec.decode).join('')).toBe('17 4 ');
});
