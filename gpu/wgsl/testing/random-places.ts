// Random kernels that reach into nested types by indexes of which many are out of range. What they load tells which word it came from,
// what they store changes words that were zero: so the memory itself says where an access went. Test code only.

type Scalar = 'u32' | 'i32' | 'f32';
type Nested =
  | { kind: 'scalar'; scalar: Scalar }
  | { kind: 'vector'; size: number; scalar: Scalar }
  | { kind: 'matrix'; cols: number; rows: number }
  | { kind: 'array'; of: Nested; count?: number }
  | { kind: 'struct'; name: string; members: Nested[] };

/** A word `w` of the loaded buffers holds this plus w: a normal number also as an f32. */
export const FIRST_WORD = 0x3f800000;
export const WORDS = 96;
const LOADS = 6;

export class RandomPlaces {
  readonly wgsl: string;
  /** Indexes that the kernel reads. */
  readonly at: Uint32Array;
  /** Some store writes a vector whole though it changes two components of it. */
  hasSwizzles = false;
  readonly loads = LOADS;
  private readonly structs: string[] = [];

  /** @param swizzles whether `v.zy = …` may be used */
  constructor(
    private seed: number,
    private readonly swizzles: boolean,
  ) {
    const stored = this.outer(3);
    const loaded = this.outer(3);
    const body: string[] = [];
    for (let k = 0; k < 4; k++) body.push(this.store(`s${k}`, stored));
    for (let k = 0; k < LOADS; k++) body.push(this.load(`l${k}`, loaded, k));
    this.at = Uint32Array.from({ length: 16 }, () => this.index());
    this.wgsl = `${this.structs.join('\n')}
@group(0) @binding(0) var<storage, read> at: array<u32, 16>;
@group(0) @binding(1) var<storage, read_write> stored: ${this.text(stored)};
@group(0) @binding(2) var<storage, read> loaded: ${this.text(loaded)};
@group(0) @binding(3) var<storage, read_write> seen: array<u32, ${LOADS}>;
@compute @workgroup_size(1)
fn main() {
${body.join('\n')}
}`;
  }

  private random(n: number): number {
    this.seed = (Math.imul(this.seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.seed / 2 ** 32) * n);
  }

  private pick<T>(choices: readonly T[]): T {
    return choices[this.random(choices.length)]!;
  }

  private index(): number {
    return this.pick([
      0, 1, 2, 3, 4, 5, 7, 95, 96, 1000, 0x20000000, 0x40000001, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff,
    ]);
  }

  /** What a variable is: sometimes an array whose length the runtime knows, alone or at the end of a struct. */
  private outer(depth: number): Nested {
    const form = this.random(4);
    const items: Nested = { kind: 'array', of: this.nested(depth - 1) };
    if (form === 0) return items;
    if (form === 1) return this.struct([this.nested(1), items]);
    return this.nested(depth);
  }

  private struct(members: Nested[]): Nested {
    const name = `S${this.structs.length}`;
    this.structs.push(`struct ${name} { ${members.map((each, i) => `m${i}: ${this.text(each)}`).join(', ')} }`);
    return { kind: 'struct', name, members };
  }

  private nested(depth: number): Nested {
    const scalar = this.pick<Scalar>(['u32', 'i32', 'f32']);
    const form = depth <= 0 ? this.random(3) : this.random(6);
    if (form === 0) return { kind: 'scalar', scalar };
    if (form === 1) return { kind: 'vector', size: 2 + this.random(3), scalar };
    if (form === 2) return { kind: 'matrix', cols: 2 + this.random(2), rows: 2 + this.random(3) };
    if (form === 3) return this.struct([this.nested(depth - 1), this.nested(0)]);
    return { kind: 'array', of: this.nested(depth - 1), count: 1 + this.random(3) };
  }

  private text(type: Nested): string {
    if (type.kind === 'scalar') return type.scalar;
    if (type.kind === 'vector') return `vec${type.size}<${type.scalar}>`;
    if (type.kind === 'matrix') return `mat${type.cols}x${type.rows}<f32>`;
    if (type.kind === 'struct') return type.name;
    return `array<${this.text(type.of)}${type.count === undefined ? '' : `, ${type.count}`}>`;
  }

  /** One step further in: the text of the step and what lies there. */
  private step(type: Nested): { text: string; to: Nested } {
    if (type.kind === 'struct') {
      const i = this.random(type.members.length);
      return { text: `.m${i}`, to: type.members[i]! };
    }
    const at = `at[${this.random(16)}]`;
    const index = this.pick([at, `i32(${at})`, `(${at} + ${this.random(3)}u)`, `(i32(${at}) - 1)`]);
    if (type.kind === 'vector') return { text: `[${index}]`, to: { kind: 'scalar', scalar: type.scalar } };
    if (type.kind === 'matrix') return { text: `[${index}]`, to: { kind: 'vector', size: type.rows, scalar: 'f32' } };
    if (type.kind === 'scalar') throw new Error('a scalar has no inside');
    // In an array without a fixed length a constant may be out of range, too.
    const literal = type.count === undefined && this.random(4) === 0 ? `[${this.pick([0, 1, 50, 200])}]` : `[${index}]`;
    return { text: literal, to: type.of };
  }

  /** A path into `variable`, sometimes over a pointer. @param whole whether it may end before a scalar */
  private path(variable: string, pointer: string, outer: Nested, whole: boolean) {
    let before = '';
    let text = variable;
    let type = outer;
    const hasFixedSize = (each: Nested): boolean =>
      each.kind === 'array' ? each.count !== undefined : each.kind !== 'struct' || each.members.every(hasFixedSize);
    while (type.kind !== 'scalar' && !(whole && hasFixedSize(type) && this.random(3) === 0)) {
      const next = this.step(type);
      if (type.kind !== 'vector' && before === '' && text !== variable && this.random(4) === 0) {
        before = `let ${pointer} = &${text}; `;
        text = `(*${pointer})`;
      }
      text += next.text;
      type = next.to;
    }
    return { before, text, type };
  }

  private store(name: string, outer: Nested): string {
    const { before, text, type } = this.path('stored', name, outer, true);
    if (this.swizzles && type.kind === 'vector' && this.random(2) === 0) {
      this.hasSwizzles = true;
      return `${before}${text}.yx = vec2<${type.scalar}>(9);`;
    }
    return `${before}${text} = ${this.value(type)};`;
  }

  private load(name: string, outer: Nested, k: number): string {
    const { before, text } = this.path('loaded', name, outer, false);
    return `${before}seen[${k}] = bitcast<u32>(${text});`;
  }

  private value(type: Nested): string {
    if (type.kind === 'scalar') return `${type.scalar}(9)`;
    if (type.kind === 'vector') return `${this.text(type)}(9)`;
    const list = (count: number, of: Nested) => Array.from({ length: count }, () => this.value(of)).join(', ');
    if (type.kind === 'matrix')
      return `${this.text(type)}(${list(type.cols, { kind: 'vector', size: type.rows, scalar: 'f32' })})`;
    if (type.kind === 'array') return `${this.text(type)}(${list(type.count!, type.of)})`;
    return `${type.name}(${type.members.map((member) => this.value(member)).join(', ')})`;
  }
}
