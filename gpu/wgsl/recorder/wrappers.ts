// Small WGSL functions the recorder wraps around index expressions. Equal ones are shared.

import type { Names } from '../text/names.ts';

export class WrapperTable {
  private readonly texts = new Map<string, string>();
  private readonly privates: string[] = [];

  constructor(private readonly names: Names) {}

  /** Name of a helper with this signature and body, made when it is first asked for. */
  of(kind: string, signature: string, body: string): string {
    const key = `${signature} { ${body} }`;
    const known = this.texts.get(key);
    if (known) return known;
    const name = `${this.names.prefix}${kind}${this.texts.size}`;
    this.texts.set(key, name);
    return name;
  }

  /** A private variable that carries an address from one index to the next, or from a pointer to its uses. */
  addressVariable(): string {
    const name = `${this.names.prefix}address${this.privates.length}`;
    this.privates.push(name);
    return name;
  }

  text(): string {
    return [
      ...this.privates.map((name) => `var<private> ${name}: u32;`),
      ...[...this.texts].map(([key, name]) => `fn ${name}${key}`),
    ].join('\n');
  }
}
