// The recorder's markers. Comments, so a kernel stays plain WGSL that anyone can compile:
//
//   //: name                       a step starts
//   //: count name                 an event
//   //: record VALUE … at AXIS …   put these values on record, with the place they belong to
//   //: detail VALUE … at AXIS …   the same, where it is so much (every score, say) that it is recorded only in runs that ask for details
//   //: probe VALUE …              a record without a place
//
// A VALUE is a path (a name in scope, with .member or [index] behind it) or `name=path` where the record should call it otherwise. `h[state]=a,b`
// strings scalars and vectors together to one value whose components run along the axis `state`; `h[state+8]=c` goes on at the ninth. An
// AXIS is a path to a scalar, `axis=path`, or `axis=path+path`. What runs along an axis begins at the line's own place on it, or at 0 where it has none. A
// line may have places alone.

import { EngineError } from '../../core/errors.ts';
import { commentsIn } from './comments.ts';
import { formerProbe } from './former-probes.ts';

/** What a record line calls by one name. */
export interface RecordedValue {
  name: string;
  /** As written, one or, with `along` or `sum`, several. */
  paths: { text: string; offset: number }[];
  /** Set where the coordinate is the sum of the paths. */
  sum?: true;
  /** The axis along which the components run, and where the first of them is. */
  along?: { axis: string; from: number };
}

export type RecordWord = 'record' | 'detail' | 'probe';

export type Marker = { offset: number; line: number } & (
  | { kind: 'step'; name: string }
  | { kind: 'count'; name: string }
  | { kind: 'record'; word: RecordWord; values: RecordedValue[]; at: RecordedValue[] }
);

const NAME = String.raw`[\p{XID_Start}_]\p{XID_Continue}*`;
const PATH = String.raw`${NAME}(?:\.${NAME}|\[\p{XID_Continue}+\])*`;
const RENAMED = new RegExp(`^(${NAME})=(${PATH})$`, 'u');
const ALONG = new RegExp(`^(${NAME})\\[(${NAME})(?:\\+(\\d{1,6}))?\\]=(${PATH}(?:,${PATH})*)$`, 'u');
const SUM = new RegExp(`^(${NAME})=(${PATH}(?:\\+${PATH})+)$`, 'u');
const ONE_PATH = new RegExp(`^${PATH}$`, 'u');

/** Finds the markers of `source`, in order. @throws EngineError unsupported-construct for one that is not understood */
export function findMarkers(source: string): Marker[] {
  // Only where a comment starts: not inside a block comment or behind another `//`.
  const starts = commentsIn(source).filter(({ start }) => source.startsWith('//:', start));
  let line = 1;
  let counted = 0;
  return starts.map(({ start }) => {
    for (; counted < start; counted++) if (source[counted] === '\n') line++;
    const text = /[^\n\r]*/y;
    text.lastIndex = start + 3;
    return parseMarker(source, { offset: start, line }, text.exec(source)![0]);
  });
}

interface Word {
  text: string;
  offset: number;
}

function parseMarker(source: string, place: { offset: number; line: number }, text: string): Marker {
  const { offset } = place;
  const words = Array.from(text.matchAll(/\S+/g), ({ 0: word, index }) => ({ text: word, offset: offset + 3 + index }));
  const [first, ...rest] = words.length === 0 ? [{ text: '', offset }] : (words as [Word, ...Word[]]);
  const keyword = first.text;
  if (keyword === 'record' || keyword === 'detail' || keyword === 'probe')
    return recordMarker(source, place, keyword, rest);
  if (keyword === 'count' && rest.length === 1) return { kind: 'count', ...place, name: rest[0]!.text };
  if (rest.length === 0 && keyword !== 'count' && /^[\p{L}_][\p{L}\p{N}_.-]*$/u.test(keyword))
    return { kind: 'step', ...place, name: keyword };
  throw refuse(source, offset, `the marker "//:${text}" is not understood`, {
    field: 'marker',
    value: text.trim(),
    limit: [
      '//: step-name',
      '//: record value … at axis …',
      '//: detail value … at axis …',
      '//: probe value …',
      '//: count event-name',
    ],
  });
}

function recordMarker(
  source: string,
  place: { offset: number; line: number },
  word: RecordWord,
  words: readonly Word[],
): Marker {
  if (words.length === 0)
    throw refuse(source, place.offset, `nothing stands behind \`${word}\``, {
      field: word,
      value: '',
      limit: word !== 'probe' ? VALUE_FORMS : ['path'],
    });
  const former = word === 'probe' ? formerProbe(words.map(({ text }) => text).join(' ')) : undefined;
  if (former !== undefined) return { ...place, kind: 'record', word, ...formerNames(source, former, words) };
  if (word !== 'probe') return { ...place, kind: 'record', word, ...namesOf(source, word, words) };
  return {
    ...place,
    kind: 'record',
    word,
    values: words.map((each) => recordedValue(source, word, each, ['path'])),
    at: [],
  };
}

/** @param words of the source, in which every path stands by itself */
function formerNames(source: string, former: string, words: readonly Word[]): ReturnType<typeof namesOf> {
  const { values, at } = namesOf(
    source,
    'record',
    former.split(' ').map((text) => ({ text, offset: 0 })),
  );
  const offsets = new Map(words.map(({ text, offset }) => [text, offset]));
  const placed = (value: RecordedValue) => ({
    ...value,
    paths: value.paths.map(({ text }) => ({ text, offset: offsets.get(text)! })),
  });
  return { values: values.map(placed), at: at.map(placed) };
}

function namesOf(
  source: string,
  word: string,
  words: readonly Word[],
): { values: RecordedValue[]; at: RecordedValue[] } {
  const split = words.findIndex(({ text }) => text === 'at');
  const values = split < 0 ? words : words.slice(0, split);
  const axes = split < 0 ? [] : words.slice(split + 1);
  const stray = axes.find(({ text }) => text === 'at') ?? (split >= 0 && axes.length === 0 ? words[split] : undefined);
  if (stray)
    throw refuse(source, stray.offset, `${word}: write one \`at\`, and axes behind it`, {
      field: word,
      value: 'at',
      limit: AXIS_FORMS,
    });
  return {
    values: values.map((each) => recordedValue(source, word, each, VALUE_FORMS)),
    at: axes.map((each) => recordedValue(source, word, each, AXIS_FORMS)),
  };
}

const AXIS_FORMS = ['path', 'axis=path', 'axis=path+path'];
const VALUE_FORMS = ['path', 'name=path', 'name[axis]=path,path', 'name[axis+number]=path,path'];

/** @param forms in which it may be written */
function recordedValue(source: string, word: string, { text, offset }: Word, forms: readonly string[]): RecordedValue {
  if (ONE_PATH.test(text)) return { name: text, paths: [{ text, offset }] };
  const renamed = forms.length > 1 && RENAMED.exec(text);
  const [, name, path] = renamed || [];
  if (name && path) return { name, paths: [{ text: path, offset: offset + name.length + 1 }] };
  const summed = forms === AXIS_FORMS && SUM.exec(text);
  if (summed) return { name: summed[1]!, paths: pathsOf(summed[2]!, '+', offset + text.length), sum: true };
  const strung = forms === VALUE_FORMS && ALONG.exec(text);
  if (!strung)
    throw refuse(
      source,
      offset,
      `${word} ${text}: write ${forms.join(', ')}; a path is a name with .member or [index]`,
      {
        field: `${word} ${text}`,
        value: text,
        limit: forms,
      },
    );
  const [, strungName, axis, from = '0', list] = strung as unknown as [string, string, string, string?, string?];
  return { name: strungName, paths: pathsOf(list!, ',', offset + text.length), along: { axis, from: Number(from) } };
}

/** @param end offset behind the list */
function pathsOf(list: string, between: string, end: number): RecordedValue['paths'] {
  let at = end - list.length;
  return list.split(between).map((each) => {
    const found = { text: each, offset: at };
    at += each.length + between.length;
    return found;
  });
}

function refuse(
  source: string,
  offset: number,
  why: string,
  details: { field: string; value: unknown; limit: unknown },
): EngineError {
  const line = source.slice(0, offset).split('\n').length;
  return new EngineError('unsupported-construct', `line ${line}: ${why}`, {
    ...details,
    line,
    column: offset - source.lastIndexOf('\n', offset - 1),
  });
}
