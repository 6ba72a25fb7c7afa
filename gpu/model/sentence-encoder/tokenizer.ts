// Text → token ids, exactly as the package @energetic-ai/embeddings 0.2.0 does it (a unigram "sentencepiece" vocabulary with
// log-probability scores): NFKC, spaces become ▁, then the best-scoring split by dynamic programming (Kudo 2018,
// arXiv:1804.10959, section 3.2). The package's departures from the textbook are kept on purpose, since the weights were made
// for its ids; each is named where it happens.

export interface Token {
  id: number;
  /** The characters it covers, after normalisation, with ▁ for a space. For the unknown token: the source's own characters. */
  text: string;
}

export interface Vocabulary {
  /** Piece and its log probability, by id. */
  pieces: readonly (readonly [string, number])[];
  /** The first ids are markers that no text can match. */
  reserved: number;
}

export type Tokenizer = (text: string) => Token[];

const SEPARATOR = '▁';
const UNKNOWN = 0;

function normalise(text: string): string {
  const folded = text.normalize('NFKC');
  // Only U+0020 separates words: tabs and line breaks stay and are unknown to the vocabulary.
  return folded.length > 0 ? SEPARATOR + folded.replaceAll(' ', SEPARATOR) : '';
}

/** UTF-16 offset of every code point, and the end. */
function codePointOffsets(text: string): number[] {
  const offsets = [0];
  for (const symbol of text) offsets.push(offsets[offsets.length - 1]! + symbol.length);
  return offsets;
}

/** Makes a tokenizer. The empty text has no tokens; runs of unknown characters give one unknown token. */
export function createTokenizer({ pieces, reserved }: Vocabulary): Tokenizer {
  const ids = new Map<string, number>();
  let longest = 1;
  // A later duplicate wins.
  for (let id = reserved; id < pieces.length; id++) {
    const [piece] = pieces[id]!;
    if (piece) ids.set(piece, id);
    longest = Math.max(longest, piece.length);
  }

  return (text) => {
    const source = normalise(text);
    const offsets = codePointOffsets(source);
    const length = offsets.length - 1;
    const idOf = (start: number, end: number) => ids.get(source.slice(offsets[start], offsets[end]));
    const isStart = (start: number) => {
      for (let end = start + 1; end <= Math.min(length, start + longest); end++) {
        if (idOf(start, end) !== undefined) return true;
      }
      return false;
    };
    const starts = Array.from({ length }, (_, start) => isStart(start));

    // best[end] = score of the best split of the first `end` characters, winner[end] = its last token. A position no token ends
    // at keeps score 0, so that it beats every real (negative) score; and 0 counts as "nothing yet". Both as in the package.
    const best = new Float64Array(length + 1);
    const winner = new Int32Array(length + 1);
    const offer = (end: number, id: number, score: number) => {
      if (best[end] !== 0 && score < best[end]!) return;
      best[end] = score;
      winner[end] = id;
    };
    for (let end = 1; end <= length; end++) {
      for (let start = Math.max(0, end - longest); start < end; start++) {
        const id = idOf(start, end);
        if (id !== undefined) offer(end, id, pieces[id]![1] + best[start]!);
        // A character that begins no piece is unknown, at no cost.
        else if (end === start + 1 && !starts[start]) offer(end, UNKNOWN, best[start]!);
      }
    }

    const tokens: Token[] = [];
    let end = length;
    while (end > 0) {
      const id = winner[end]!;
      const start = Math.max(0, end - pieces[id]![0].length);
      const covered = source.slice(offsets[start], offsets[end]);
      const previous = tokens[tokens.length - 1];
      if (id === UNKNOWN && previous?.id === UNKNOWN) previous.text = covered + previous.text;
      else tokens.push({ id, text: covered });
      end = start;
    }
    return tokens.reverse();
  };
}
