// Texts and the numbers of their tokens: characters of an alphabet, or bytes. What an alphabet does not have is named, not guessed.

/** ASCII that stands for what typesetters use instead. */
const PLAIN: Record<string, string> = {
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '—': '--',
  '–': '-',
  '…': '...',
  '\u00a0': ' ',
  '\t': ' ',
  '\r': '',
};

export interface TextCodec {
  vocabulary: number;
  /** @returns ids, and the characters that are in no token and were left out, each once */
  encode(text: string): { ids: number[]; unknown: string[] };
  /** A token as it is read; a byte that is no whole character by its number. */
  decode(id: number): string;
}

/** @param alphabet the characters in the order of their ids */
export function characterCodec(alphabet: string): TextCodec {
  const signs = [...alphabet];
  const ids = new Map(signs.map((sign, id) => [sign, id]));
  return {
    vocabulary: signs.length,
    encode(text) {
      const unknown = new Set<string>();
      const found = [...text].flatMap((sign) => {
        const known = ids.has(sign) ? [sign] : [...(PLAIN[sign] ?? sign)];
        return known.flatMap((each) => {
          const id = ids.get(each);
          if (id === undefined) unknown.add(each);
          return id === undefined ? [] : [id];
        });
      });
      return { ids: found, unknown: [...unknown] };
    },
    decode: (id) => signs[id] ?? '',
  };
}

export const byteCodec: TextCodec = {
  vocabulary: 256,
  encode: (text) => ({ ids: [...new TextEncoder().encode(text)], unknown: [] }),
  decode: (id) =>
    id === 10 || (id >= 32 && id < 127) ? String.fromCharCode(id) : `‹${id.toString(16).padStart(2, '0')}›`,
};

/** For a model whose tokenizer is not at hand: tokens by their numbers, blanks or commas between them. */
export const numberCodec = (vocabulary: number): TextCodec => ({
  vocabulary,
  encode(text) {
    const words = text.split(/[\s,]+/).filter(Boolean);
    const isToken = (word: string) => /^\d{1,9}$/.test(word) && Number(word) < vocabulary;
    return { ids: words.filter(isToken).map(Number), unknown: [...new Set(words.filter((word) => !isToken(word)))] };
  },
  decode: (id) => `${id} `,
});
