// The static side of the counts: what one execution of each block does. The shader counts executions; the host multiplies.

import { type Count, countData } from './counts.ts';
import type { OperationCost } from './operations.ts';
import type { Accounting, CountData } from './recorder.ts';
import type { AccessKind } from './segment.ts';

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
  private readonly lineCounts: { line: number; count: Count }[] = [];
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

  line(line: number, count: Count): void {
    this.use(count);
    this.lineCounts.push({ line, count });
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
    const lines = new Map<number, Map<string, CountData>>();
    for (const { line, count } of this.lineCounts) {
      const counts = lines.get(line) ?? new Map<string, CountData>();
      lines.set(line, counts);
      const data = countData(count, rename);
      counts.set(JSON.stringify(data), data);
    }
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
      lines: [...lines].sort((a, b) => a[0] - b[0]).map(([line, counts]) => ({ line, counts: [...counts.values()] })),
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
