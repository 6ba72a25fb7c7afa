// What of a link could not be used, gathered while it is read: each thing once, and no more than can be shown.

import { type Complaint, inOneLine } from '../stores/complaint.ts';

/** At most this many complaints are kept; the last says how many more there were. */
const MAX_COMPLAINTS = 12;

export class Complaints {
  readonly list: Complaint[] = [];
  private readonly said = new Set<string>();
  private dropped = 0;

  add(field: string, value: string, limit: string, used: string): void {
    const said = [field, value, limit, used].join('\0');
    if (this.said.has(said)) return;
    this.said.add(said);
    if (this.list.length < MAX_COMPLAINTS) {
      this.list.push({
        field: inOneLine(field) || '(no name)',
        value: inOneLine(value),
        limit,
        used: inOneLine(used) || 'empty',
      });
      return;
    }
    this.dropped += 1;
    this.list[MAX_COMPLAINTS - 1] = {
      field: 'link',
      value: `${this.dropped + 1} more values`,
      limit: 'values this page knows',
      used: 'defaults',
    };
  }
}
