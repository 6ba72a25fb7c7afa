// Splits WGSL into coloured pieces, line by line, for reading. Lexical only: it never fails, whatever half-typed text it gets.

export type TokenKind = 'plain' | 'comment' | 'marker' | 'keyword' | 'type' | 'number' | 'attribute' | 'call';

export interface Token {
  text: string;
  kind: TokenKind;
}

const KEYWORDS = new Set(
  'alias break case const const_assert continue continuing default diagnostic discard else enable false fn for if let loop override requires return struct switch true var while'.split(
    ' ',
  ),
);
const TYPES =
  /^(?:array|atomic|bool|f16|f32|i32|u32|ptr|sampler|mat[234]x[234][fh]?|vec[234][fhiu]?|texture_\w+|function|private|workgroup|storage|uniform|read|write|read_write)$/;
const PIECE =
  /\/\/.*|\/\*[\s\S]*?(?:\*\/|$)|@\w+|0[xX][\da-fA-F.]+[iufh]?|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[iufh]?|[\p{XID_Start}_]\p{XID_Continue}*|\s+|[^\s\w]/gu;

/** Tokens of every line of `source`; joining their texts and a line break after each gives the source back. */
export function tokenizeWgsl(source: string): Token[][] {
  const lines: Token[][] = [[]];
  const put = (text: string, kind: TokenKind) => {
    const [first, ...rest] = text.split('\n');
    if (first) lines[lines.length - 1]!.push({ text: first, kind });
    for (const line of rest) lines.push(line ? [{ text: line, kind }] : []);
  };
  let at = 0;
  for (const match of source.matchAll(PIECE)) {
    if (match.index > at) put(source.slice(at, match.index), 'plain');
    const text = match[0];
    at = match.index + text.length;
    put(text, kindOf(text, source[at]));
  }
  if (at < source.length) put(source.slice(at), 'plain');
  // A text's last line break ends its last line and begins no new one.
  if (lines.length > 1 && lines[lines.length - 1]!.length === 0) lines.pop();
  return lines;
}

function kindOf(text: string, next: string | undefined): TokenKind {
  if (text.startsWith('//:')) return 'marker';
  if (text.startsWith('//') || text.startsWith('/*')) return 'comment';
  if (text.startsWith('@')) return 'attribute';
  if (/^\.?\d/.test(text)) return 'number';
  if (KEYWORDS.has(text)) return 'keyword';
  if (TYPES.test(text)) return 'type';
  if (next === '(' && /^[\p{XID_Start}_]/u.test(text)) return 'call';
  return 'plain';
}
