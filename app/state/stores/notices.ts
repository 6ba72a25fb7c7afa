// What the page has to say beside its pictures: things that happened, and values of a link that could not be used.

import type { Complaint } from './complaint.ts';
import type { SessionStore } from './session-store.ts';

/** Older ones give way. */
const MOST_NOTICES = 3;

/** Says something that happened and needs no action; once, however often it happens. */
export function tell(session: SessionStore, notice: string): void {
  session.setState(({ notices }) => ({
    notices: [...notices.filter((each) => each !== notice), notice].slice(-MOST_NOTICES),
  }));
}

/** Does what nobody waits for; what keeps it from being done is said. */
export function orTell(session: SessionStore, work: Promise<unknown>): void {
  work.catch((error: Error) => tell(session, error.message));
}

export function complain(session: SessionStore, ...more: readonly Complaint[]): void {
  if (more.length > 0) session.setState(({ complaints }) => ({ complaints: [...complaints, ...more] }));
}

export function dismissComplaints(session: SessionStore): void {
  session.setState({ complaints: [] });
}
