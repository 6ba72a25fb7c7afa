// A light WGSL mode for the editor: comments, keywords, types, numbers. Colours come from the design tokens.

import { HighlightStyle, StreamLanguage, type StreamParser, syntaxHighlighting } from '@codemirror/language';
import { tags } from '@lezer/highlight';

const KEYWORDS = new Set(
  'alias break case const const_assert continue continuing default diagnostic discard else enable false fn for if let loop override requires return struct switch true var while'.split(
    ' ',
  ),
);
const TYPES =
  /^(?:bool|[iuf]32|f16|vec[234][iufh]?|mat[234]x[234][fh]?|array|atomic|ptr|storage|uniform|workgroup|private|function|read|write|read_write)$/;

interface State {
  /** Depth of nested block comments. */
  depth: number;
}

const wgsl: StreamParser<State> = {
  name: 'wgsl',
  startState: () => ({ depth: 0 }),
  languageData: { commentTokens: { line: '//', block: { open: '/*', close: '*/' } } },
  token(stream, state) {
    if (state.depth > 0 || stream.match('/*', false)) {
      do {
        if (stream.match('/*')) state.depth += 1;
        else if (stream.match('*/')) state.depth -= 1;
        else stream.next();
      } while (state.depth > 0 && !stream.eol());
      return 'comment';
    }
    if (stream.match('//')) {
      stream.skipToEnd();
      return 'comment';
    }
    if (stream.match(/^@\w+/)) return 'meta';
    if (stream.match(/^(?:0[xX][\da-fA-F]+|\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)[iufh]?/)) return 'number';
    const word = stream.match(/^[\p{XID_Start}_]\p{XID_Continue}*/u);
    if (word && typeof word !== 'boolean') {
      const text = word[0];
      if (KEYWORDS.has(text)) return 'keyword';
      return TYPES.test(text) ? 'typeName' : 'variableName';
    }
    stream.next();
    return null;
  },
};

const colours = HighlightStyle.define([
  { tag: tags.comment, color: 'var(--code-comment)' },
  { tag: [tags.keyword, tags.meta], color: 'var(--code-keyword)' },
  { tag: tags.typeName, color: 'var(--code-type)' },
  { tag: tags.number, color: 'var(--code-number)' },
]);

export const wgslLanguage = [StreamLanguage.define(wgsl), syntaxHighlighting(colours)];
