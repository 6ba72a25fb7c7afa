// Blanks comments out of WGSL without moving anything, so that offsets found in the result hold in the source.

/**
 * Replaces every comment of `source` by spaces of the same length; line breaks stay. WGSL's block comments nest.
 * The result has the length of `source`, and every code character keeps its offset.
 */
export function blankComments(source: string): string {
  const pieces: string[] = [];
  let codeStart = 0;
  for (const { start, end } of commentsIn(source)) {
    pieces.push(source.slice(codeStart, start), blank(source.slice(start, end)));
    codeStart = end;
  }
  pieces.push(source.slice(codeStart));
  return pieces.join('');
}

/** Where the comments of `source` start and end, in order. */
export function commentsIn(source: string): { start: number; end: number }[] {
  const comments: { start: number; end: number }[] = [];
  for (let at = source.indexOf('/'); at >= 0; at = source.indexOf('/', at)) {
    const end = commentEnd(source, at);
    if (end > at) comments.push({ start: at, end });
    at = Math.max(end, at + 1);
  }
  return comments;
}

/** Offset just after the comment that starts at `at`, or `at` if none starts there. */
function commentEnd(source: string, at: number): number {
  if (source[at] !== '/') return at;
  if (source[at + 1] === '/') {
    let end = at + 2;
    while (end < source.length && !LINE_BREAK.test(source[end]!)) end++;
    return end;
  }
  if (source[at + 1] !== '*') return at;
  let depth = 1;
  let end = at + 2;
  while (end < source.length && depth > 0) {
    const pair = source.slice(end, end + 2);
    if (pair === '/*') depth++;
    if (pair === '*/') depth--;
    end += pair === '/*' || pair === '*/' ? 2 : 1;
  }
  return Math.min(end, source.length);
}

// WGSL ends a line comment at any of these (spec, "Blankspace and Line Breaks").
const LINE_BREAK = /[\n\v\f\r\u0085\u2028\u2029]/;

function blank(text: string): string {
  return text.replace(/[^\n\v\f\r\u0085\u2028\u2029]/g, ' ');
}
