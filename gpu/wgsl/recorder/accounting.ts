// The static side of the counts: what one execution of each block does. The shader counts executions; the host multiplies.

import type { OperationCost } from '../parse/operations.ts';
import type { AccessKind, Accounting, CountData } from '../text/recorder-contract.ts';
import { type Count, countData, plus } from './counts.ts';

interface AccessSite {
  count: Count;
  buffer: number;
  kind: AccessKind;
  bytes: number;
  line: number;
}

export class AccountBook {
  private counters = 0;
  private readonly sites: AccessSite[] = [];
  private readonly costs: { count: Count; cost: OperationCost }[] = [];
  /** By line, then by piece of code. */
  private readonly lineCounts = new Map<number, Map<string, Count>>();
  private readonly events: { name: string; count: Count }[] = [];
  private readonly calls: Count[][] = [];
  private readonly used = new Set<number>();

  newCounter(): number {
    return this.counters++;
  }

  /** A counter for a function instance: the sum of the counts of its calls. Negative. */
  newInstance(): number {
    this.calls.push([]);
    return -this.calls.length;
  }

  /** True once something was registered that depends on `counter`. */
  isUsed(counter: number): boolean {
    return this.used.has(counter);
  }

  access(site: AccessSite): void {
    this.use(site.count);
    this.sites.push(site);
  }

  operations(count: Count, cost: OperationCost): void {
    if (Object.keys(cost).length === 0) return;
    this.use(count);
    this.costs.push({ count, cost });
  }

  /** @param piece names what of the line ran, the same in every instance of its function: those add up */
  line(line: number, piece: string, count: Count): void {
    this.use(count);
    const pieces = this.lineCounts.get(line) ?? new Map<string, Count>();
    this.lineCounts.set(line, pieces);
    const known = pieces.get(piece);
    pieces.set(piece, known ? plus(known, count) : count);
  }

  event(name: string, count: Count): void {
    this.use(count);
    this.events.push({ name, count });
  }

  call(instance: number, count: Count): void {
    this.use(count);
    this.calls[-instance - 1]!.push(count);
  }

  eventNames(): string[] {
    return [...new Set(this.events.map(({ name }) => name))];
  }

  /** How the access sites of a buffer use it. */
  usesOf(buffer: number): { kind: AccessKind; bytes: number }[] {
    return this.sites.filter((site) => site.buffer === buffer);
  }

  /** Renumbers the counters in use densely; a function from the old number to the new. */
  numbering(): (counter: number) => number {
    const dense = new Map(
      [...this.used]
        .filter((counter) => counter >= 0)
        .sort((a, b) => a - b)
        .map((old, i) => [old, i]),
    );
    return (counter) => (counter < 0 ? counter : dense.get(counter)!);
  }

  /** Everything as plain data, equal counts joined. */
  data(): Accounting {
    const rename = this.numbering();
    const grouped = <T, K extends object>(rows: T[], keyOf: (row: T) => K, countOf: (row: T) => Count) => {
      const groups = new Map<string, K & { count: CountData; times: number }>();
      for (const row of rows) {
        const count = countData(countOf(row), rename);
        if (count.length === 0) continue; // unreachable code
        const key = JSON.stringify([keyOf(row), count]);
        const group = groups.get(key);
        if (group) group.times++;
        else groups.set(key, { ...keyOf(row), count, times: 1 });
      }
      return [...groups.values()];
    };
    const distinct = (pieces: ReadonlyMap<string, Count>) => {
      const counts = [...pieces.values()].map((count) => countData(count, rename));
      return [...new Map(counts.map((count) => [JSON.stringify(count), count])).values()];
    };
    return {
      counters: [...this.used].filter((counter) => counter >= 0).length,
      calls: this.calls.map((counts) => counts.map((count) => countData(count, rename))),
      accesses: grouped(
        this.sites,
        ({ buffer, kind, bytes, line }) => ({ buffer, kind, bytes, line }),
        (site) => site.count,
      ),
      operations: grouped(
        this.costs,
        ({ cost }) => ({ cost }),
        (row) => row.count,
      ),
      lines: [...this.lineCounts]
        .sort((a, b) => a[0] - b[0])
        .map(([line, pieces]) => ({ line, counts: distinct(pieces) })),
      events: grouped(
        this.events,
        ({ name }) => ({ name }),
        (row) => row.count,
      ),
    };
  }

  private use(count: Count): void {
    for (const counter of count.keys()) this.used.add(counter);
  }
}
