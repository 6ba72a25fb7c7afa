// The header of a .npy: a Python dict literal of descr, fortran_order and shape. Read by a parser that goes through the text once, since
// patterns that may be satisfied in many ways take forever over a hostile one. What numpy.load takes is taken: single or double quotes, any
// blanks, u'…', and Python 2's 3L.

export interface NpyHeader {
  /** null: a structured type, a list of fields. */
  descr: string | null;
  isFortranOrder: boolean;
  shape: number[];
}

/** What a header says that is no dict of the three, in words. */
export class NoHeader extends Error {}

type Literal = string | number | boolean | Literal[];

/** Lists within lists; a structured type of structured types needs a few. */
const MOST_NESTED = 16;
const BLANKS = ' \t\r\n\f\v';

/** @throws NoHeader where the text is none; nothing else, whatever the text */
export function parseNpyHeader(text: string): NpyHeader {
  const entries = new PythonText(text).dict();
  const extra = [...entries.keys()].find((key) => !['descr', 'fortran_order', 'shape'].includes(key));
  if (extra !== undefined) throw new NoHeader(`it has a key ${extra.slice(0, 40)}`);
  const descr = entries.get('descr');
  const order = entries.get('fortran_order');
  const shape = entries.get('shape');
  if (typeof descr !== 'string' && !Array.isArray(descr)) throw new NoHeader('descr is no type');
  if (typeof order !== 'boolean') throw new NoHeader('fortran_order is neither True nor False');
  if (!Array.isArray(shape) || !shape.every((extent) => typeof extent === 'number'))
    throw new NoHeader('shape is no tuple of whole numbers');
  return { descr: typeof descr === 'string' ? descr : null, isFortranOrder: order, shape };
}

/** As much of Python's literals as a header has, read from left to right. */
class PythonText {
  private at = 0;

  constructor(private readonly text: string) {}

  dict(): Map<string, Literal> {
    const entries = new Map<string, Literal>();
    this.need('{');
    while (!this.take('}')) {
      const key = this.literal(0);
      if (typeof key !== 'string') throw new NoHeader('a key is no text');
      if (entries.has(key)) throw new NoHeader(`${key.slice(0, 40)} comes twice`);
      this.need(':');
      entries.set(key, this.literal(0));
      if (this.take(',')) continue;
      this.need('}');
      break;
    }
    this.skipBlanks();
    if (this.at < this.text.length) throw new NoHeader('something stands behind the dict');
    return entries;
  }

  private literal(depth: number): Literal {
    if (depth > MOST_NESTED) throw new NoHeader(`more than ${MOST_NESTED} lists within lists`);
    this.skipBlanks();
    const first = this.text[this.at] ?? '';
    if (first === '(') return this.items('(', ')', depth);
    if (first === '[') return this.items('[', ']', depth);
    if (first === "'" || first === '"') return this.quoted(first);
    if (first === '-' || isDigit(first)) return this.whole();
    const word = this.word();
    if (word === 'True') return true;
    if (word === 'False') return false;
    const quote = this.text[this.at] ?? '';
    if (/^[ubUB]$/.test(word) && (quote === "'" || quote === '"')) return this.quoted(quote);
    throw new NoHeader(first === '' ? 'it ends too soon' : `${(word || first).slice(0, 40)} is not understood`);
  }

  private items(open: string, close: string, depth: number): Literal {
    this.need(open);
    const items: Literal[] = [];
    let hasComma = false;
    while (!this.take(close)) {
      items.push(this.literal(depth + 1));
      if (this.take(',')) {
        hasComma = true;
        continue;
      }
      this.need(close);
      break;
    }
    // Brackets around one value without a comma are no tuple.
    return open === '(' && items.length === 1 && !hasComma ? items[0]! : items;
  }

  private quoted(quote: string): string {
    const end = this.text.indexOf(quote, this.at + 1);
    if (end < 0) throw new NoHeader('a text has no end');
    const text = this.text.slice(this.at + 1, end);
    this.at = end + 1;
    return text;
  }

  private whole(): number {
    const start = this.at;
    if (this.text[this.at] === '-') this.at++;
    while (isDigit(this.text[this.at] ?? '')) this.at++;
    const digits = this.text.slice(start, this.at);
    if (this.text[this.at] === 'L' || this.text[this.at] === 'l') this.at++;
    const next = this.text[this.at] ?? '';
    if (digits === '-' || next === '.' || isLetter(next)) throw new NoHeader('a number is not whole');
    return Number(digits);
  }

  private word(): string {
    const start = this.at;
    while (isLetter(this.text[this.at] ?? '')) this.at++;
    return this.text.slice(start, this.at);
  }

  private skipBlanks(): void {
    while (this.at < this.text.length && BLANKS.includes(this.text[this.at]!)) this.at++;
  }

  private take(sign: string): boolean {
    this.skipBlanks();
    if (this.text[this.at] !== sign) return false;
    this.at++;
    return true;
  }

  private need(sign: string): void {
    if (!this.take(sign)) throw new NoHeader(`${sign} is missing after ${this.at} characters`);
  }
}

const isDigit = (sign: string) => sign >= '0' && sign <= '9';
const isLetter = (sign: string) => (sign >= 'a' && sign <= 'z') || (sign >= 'A' && sign <= 'Z') || sign === '_';
