// Random kernels with a meaning: every piece of WGSL text comes with a JavaScript function that does the same and counts what it
// does. The recorder has to agree with that count, and the GPU with the values. Test code only.

import type { Operations } from '../../trace/trace.ts';

type Buffer = 'q' | 'o' | 'w';

/** One invocation while it is interpreted. */
interface State {
  q: Uint32Array;
  o: Uint32Array;
  w: Uint32Array;
  lane: number;
  invocation: number;
  locals: Map<string, number>;
}

export interface ProgramCounts {
  buffers: Record<Buffer, { loads: number; stores: number }>;
  operations: Operations;
  events: number;
}

interface Expression {
  text: string;
  value(state: State): number;
}

interface Condition {
  text: string;
  holds(state: State): boolean;
}

type Outcome = 'next' | 'break' | 'continue' | 'return';

interface Code {
  text: string;
  run(state: State): Outcome;
}

export const LANES = 4;
export const WORKGROUPS = 3;
const u32 = (n: number) => n >>> 0;

/** A generator of programs; the same seed gives the same program. */
export class RandomProgram {
  readonly counts: ProgramCounts = {
    buffers: { q: { loads: 0, stores: 0 }, o: { loads: 0, stores: 0 }, w: { loads: 0, stores: 0 } },
    operations: { multiply: 0, add: 0, divide: 0, compare: 0, special: 0 },
    events: 0,
  };
  readonly wgsl: string;
  private readonly main: Code;
  private fresh = 0;

  constructor(private seed: number) {
    this.main = this.block(3, ['x'], 0, 4);
    this.wgsl = `
@group(0) @binding(0) var<storage, read> q: array<u32, 8>;
@group(0) @binding(1) var<storage, read_write> o: array<u32, ${8 * LANES * WORKGROUPS}>;
var<workgroup> w: array<u32, ${4 * LANES}>;
fn helper(v: u32) -> u32 {
  if (v % 3u == 0u) { return q[v % 8u]; }
  return v + q[1];
}
@compute @workgroup_size(${LANES})
fn main(@builtin(local_invocation_index) lane: u32, @builtin(global_invocation_id) g: vec3u) {
  let id = g.x;
  var x = id;
  var f = 1.0;
${this.main.text}
}`;
  }

  /** Interprets the whole grid. @returns the contents of o afterwards */
  interpret(q: Uint32Array): Uint32Array {
    const o = new Uint32Array(8 * LANES * WORKGROUPS);
    for (let workgroup = 0; workgroup < WORKGROUPS; workgroup++) {
      const w = new Uint32Array(4 * LANES);
      for (let lane = 0; lane < LANES; lane++) {
        const invocation = workgroup * LANES + lane;
        this.main.run({ q, o, w, lane, invocation, locals: new Map([['x', invocation]]) });
      }
    }
    return o;
  }

  private random(n: number): number {
    // A 32-bit mixing function over a counter.
    this.seed = u32(this.seed + 0x9e3779b9);
    let z = this.seed;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return u32(z ^ (z >>> 16)) % n;
  }

  private pick<T>(choices: (() => T)[]): T {
    return choices[this.random(choices.length)]!();
  }

  private place(depth: number, names: string[]): { buffer: Buffer; text: string; at(state: State): number } {
    const inner = this.expression(depth - 1, names);
    return this.random(2) === 0
      ? {
          buffer: 'o',
          text: `o[8u * id + ${inner.text} % 8u]`,
          at: (state) => 8 * state.invocation + (inner.value(state) % 8),
        }
      : {
          buffer: 'w',
          text: `w[4u * lane + ${inner.text} % 4u]`,
          at: (state) => 4 * state.lane + (inner.value(state) % 4),
        };
  }

  private load(buffer: Buffer, state: State, at: number): number {
    this.counts.buffers[buffer].loads++;
    return state[buffer][at]!;
  }

  private store(buffer: Buffer, state: State, at: number, value: number): void {
    this.counts.buffers[buffer].stores++;
    state[buffer][at] = value;
  }

  private expression(depth: number, names: string[]): Expression {
    const literal = (): Expression => {
      const n = this.random(7);
      return { text: `${n}u`, value: () => n };
    };
    const name = (): Expression => {
      const local = names[this.random(names.length)]!;
      return { text: local, value: (state) => state.locals.get(local)! };
    };
    if (depth <= 0) return this.pick([literal, name]);
    const binary = (operator: '+' | '*', apply: (a: number, b: number) => number) => (): Expression => {
      const a = this.expression(depth - 1, names);
      const b = this.expression(depth - 1, names);
      return { text: `(${a.text} ${operator} ${b.text})`, value: (state) => apply(a.value(state), b.value(state)) };
    };
    return this.pick<Expression>([
      literal,
      name,
      name,
      binary('+', (a, b) => u32(a + b)),
      binary('*', (a, b) => u32(Math.imul(a, b))),
      () => {
        const index = this.expression(depth - 1, names);
        return { text: `q[${index.text} % 8u]`, value: (state) => this.load('q', state, index.value(state) % 8) };
      },
      () => {
        const n = this.random(8);
        return { text: `q[${n}]`, value: (state) => this.load('q', state, n) };
      },
      () => {
        const place = this.place(depth, names);
        return { text: place.text, value: (state) => this.load(place.buffer, state, place.at(state)) };
      },
      () => {
        const argument = this.expression(depth - 1, names);
        return {
          text: `helper(${argument.text})`,
          value: (state) => {
            const v = argument.value(state);
            return v % 3 === 0 ? this.load('q', state, v % 8) : u32(v + this.load('q', state, 1));
          },
        };
      },
      () => {
        const no = this.expression(depth - 1, names);
        const yes = this.expression(depth - 1, names);
        const condition = this.condition(depth - 1, names);
        return {
          text: `select(${no.text}, ${yes.text}, ${condition.text})`,
          value: (state) => {
            const arms = [no.value(state), yes.value(state)] as const;
            return condition.holds(state) ? arms[1] : arms[0];
          },
        };
      },
    ]);
  }

  private condition(depth: number, names: string[]): Condition {
    const comparison = (): Condition => {
      const a = this.expression(depth - 1, names);
      const b = this.expression(depth - 1, names);
      return {
        text: `(${a.text} % 4u < ${b.text} % 3u + 1u)`,
        holds: (state) => a.value(state) % 4 < (b.value(state) % 3) + 1,
      };
    };
    if (depth <= 0) return comparison();
    const joined = (and: boolean) => (): Condition => {
      const a = this.condition(depth - 1, names);
      const b = this.condition(depth - 1, names);
      return {
        text: `(${a.text} ${and ? '&&' : '||'} ${b.text})`,
        holds: (state) => (and ? a.holds(state) && b.holds(state) : a.holds(state) || b.holds(state)),
      };
    };
    return this.pick<Condition>([
      comparison,
      joined(true),
      joined(false),
      () => {
        const inner = this.condition(depth - 1, names);
        return { text: `!${inner.text}`, holds: (state) => !inner.holds(state) };
      },
    ]);
  }

  private block(depth: number, names: string[], loops: number, least = 1): Code {
    const parts = Array.from({ length: least + this.random(4) }, () => this.statement(depth, names, loops));
    return {
      text: parts.map(({ text }) => text).join('\n'),
      run: (state) => {
        for (const part of parts) {
          const outcome = part.run(state);
          if (outcome !== 'next') return outcome;
        }
        return 'next';
      },
    };
  }

  private statement(depth: number, names: string[], loops: number): Code {
    const assign = (): Code => {
      const value = this.expression(2, names);
      return {
        text: `x = ${value.text};`,
        run: (state) => {
          state.locals.set('x', value.value(state));
          return 'next';
        },
      };
    };
    const store = (): Code => {
      const place = this.place(2, names);
      const value = this.expression(2, names);
      const compound = this.random(2) === 0;
      return {
        text: `${place.text} ${compound ? '+=' : '='} ${value.text};`,
        run: (state) => {
          const at = place.at(state);
          const old = compound ? this.load(place.buffer, state, at) : 0;
          this.store(place.buffer, state, at, u32(old + value.value(state)));
          return 'next';
        },
      };
    };
    const floats = (): Code => ({
      text: 'f = f * 0.5 + exp(f32(x % 2u));',
      run: () => {
        const { operations } = this.counts;
        operations.multiply++;
        operations.add++;
        operations.special++;
        return 'next';
      },
    });
    const event = (): Code => ({
      text: '//: count seen',
      run: () => {
        this.counts.events++;
        return 'next';
      },
    });
    const leave = (): Code => {
      const condition = this.condition(1, names);
      const outcome = this.pick<Outcome>(
        loops > 0 ? [() => 'break', () => 'continue', () => 'return'] : [() => 'return'],
      );
      const unreachable = depth > 0 && this.random(2) === 0 ? `\n${this.block(0, names, loops).text}\n` : ' ';
      return {
        text: `if (${condition.text}) { ${outcome};${unreachable}}`,
        run: (state) => (condition.holds(state) ? outcome : 'next'),
      };
    };
    const simple = [assign, assign, store, store, floats, event, leave, () => this.step()];
    if (depth <= 0) return this.pick(simple);
    return this.pick<Code>([
      ...simple,
      () => this.branch(depth, names, loops),
      () => this.branch(depth, names, loops),
      () => this.forLoop(depth, names, loops),
      () => this.guardedLoop(depth, names, loops),
      () => this.choice(depth, names, loops),
    ]);
  }

  private step(): Code {
    return { text: `//: step-${this.random(3)}`, run: () => 'next' };
  }

  private branch(depth: number, names: string[], loops: number): Code {
    const arms = Array.from({ length: 1 + this.random(3) }, () => ({
      condition: this.condition(2, names),
      body: this.block(depth - 1, names, loops),
    }));
    const otherwise = this.random(2) === 0 ? this.block(depth - 1, names, loops) : undefined;
    const chain = arms.map(({ condition, body }) => `if (${condition.text}) {\n${body.text}\n}`).join(' else ');
    return {
      text: chain + (otherwise ? ` else {\n${otherwise.text}\n}` : ''),
      run: (state) => {
        for (const { condition, body } of arms) if (condition.holds(state)) return body.run(state);
        return otherwise ? otherwise.run(state) : 'next';
      },
    };
  }

  private forLoop(depth: number, names: string[], loops: number): Code {
    const name = `i${this.fresh++}`;
    const bound = this.expression(1, names);
    const body = this.block(depth - 1, [...names, name], loops + 1);
    return {
      text: `for (var ${name} = 0u; ${name} < ${bound.text} % 4u; ${name}++) {\n${body.text}\n}`,
      run: (state) => {
        for (state.locals.set(name, 0); state.locals.get(name)! < bound.value(state) % 4; ) {
          const outcome = body.run(state);
          if (outcome === 'break') break;
          if (outcome === 'return') return outcome;
          state.locals.set(name, state.locals.get(name)! + 1);
        }
        return 'next';
      },
    };
  }

  /** `while` or `loop … continuing … break if`, bounded by a counter of its own. */
  private guardedLoop(depth: number, names: string[], loops: number): Code {
    const name = `k${this.fresh++}`;
    const inside = [...names, name];
    const condition = this.condition(1, inside);
    const body = this.block(depth - 1, inside, loops + 1);
    if (this.random(2) === 0) {
      return {
        text: `var ${name} = 0u;\nwhile (${name} < 3u && ${condition.text}) {\n${name}++;\n${body.text}\n}`,
        run: (state) => {
          state.locals.set(name, 0);
          while (state.locals.get(name)! < 3 && condition.holds(state)) {
            state.locals.set(name, state.locals.get(name)! + 1);
            const outcome = body.run(state);
            if (outcome === 'break') break;
            if (outcome === 'return') return outcome;
          }
          return 'next';
        },
      };
    }
    const update = this.expression(1, inside);
    return {
      text: `var ${name} = 0u;\nloop {\n${body.text}\ncontinuing {\nx += ${update.text};\n${name}++;\nbreak if ${name} >= 3u || ${condition.text};\n}\n}`,
      run: (state) => {
        state.locals.set(name, 0);
        for (;;) {
          const outcome = body.run(state);
          if (outcome === 'break') return 'next';
          if (outcome === 'return') return outcome;
          state.locals.set('x', u32(state.locals.get('x')! + update.value(state)));
          state.locals.set(name, state.locals.get(name)! + 1);
          if (state.locals.get(name)! >= 3 || condition.holds(state)) return 'next';
        }
      },
    };
  }

  private choice(depth: number, names: string[], loops: number): Code {
    const selector = this.expression(2, names);
    const clauses = ['case 0u', 'case 1u, 3u:', 'default'].map((label) => ({
      label,
      body: this.block(depth - 1, names, loops),
    }));
    return {
      text: `switch (${selector.text} % 5u) {\n${clauses.map(({ label, body }) => `${label} {\n${body.text}\n}`).join('\n')}\n}`,
      run: (state) => {
        const value = selector.value(state) % 5;
        const outcome = clauses[value === 0 ? 0 : value === 1 || value === 3 ? 1 : 2]!.body.run(state);
        return outcome === 'break' ? 'next' : outcome;
      },
    };
  }
}
