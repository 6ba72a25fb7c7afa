// Pictures side by side are drawn as large as the smallest of them has room for: what a legend or a sentence takes from one of them must
// not give the two other lengths, or another layout.

import { createContext } from 'react';

/** What a pen draws on. */
export interface Size {
  width: number;
  height: number;
  /** CSS pixels per unit: above 1 where the page asks for larger type and marks (`--picture-zoom`). */
  zoom: number;
}

interface Member {
  kind: string;
  size: Size;
  show(size: Size): void;
}

export class SizeGroup {
  readonly #members = new Map<object, Member>();

  /** @param kind only pictures of one kind stand side by side; a picture may have parts of others */
  put(host: object, kind: string, size: Size, show: Member['show']): void {
    this.#members.set(host, { kind, size, show });
    this.#settle(kind);
  }

  drop(host: object): void {
    const kind = this.#members.get(host)?.kind;
    this.#members.delete(host);
    if (kind !== undefined) this.#settle(kind);
  }

  #settle(kind: string): void {
    const members = [...this.#members.values()].filter((member) => member.kind === kind);
    const seen = members.filter(({ size }) => size.width > 0 && size.height > 0);
    const width = Math.min(...seen.map(({ size }) => size.width));
    const height = Math.min(...seen.map(({ size }) => size.height));
    for (const { size, show } of members) show(seen.length === 0 ? size : { ...size, width, height });
  }
}

/** The group a picture stands in; null for one that stands alone. */
export const SideBySide = createContext<SizeGroup | null>(null);
