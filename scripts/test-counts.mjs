// Turns what a test stage left behind (exit status, JSON report) into counts. A stage is never green by default: no report, no test
// run, a skipped test, or an exit status that the report does not explain, each count as a failure and say so.

/**
 * @typedef {{ passed: number, failed: number, notes: string[] }} Counts
 */

/** Counts of Vitest's JSON reporter: tests, and files that failed before their tests could run. */
function vitestCounts(report) {
  const broken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((assertion) => assertion.status === 'failed'),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + (report.numTodoTests ?? 0),
    notes: broken.map(({ name }) => `did not load: ${name}`),
  };
}

/** Counts of Playwright's JSON reporter; a test that passed only when tried again is a failure. */
function playwrightCounts(report) {
  const { expected, unexpected, flaky, skipped } = report.stats;
  const notes = (report.errors ?? []).map(({ message }) => String(message).split('\n')[0]);
  return { passed: expected, failed: unexpected + flaky + notes.length, skipped, notes };
}

const READERS = { vitest: vitestCounts, playwright: playwrightCounts };

/**
 * @param {{ kind: 'check' | 'vitest' | 'playwright', status: number | null, report?: object }} outcome
 *   `report`: the parsed JSON report of a test runner; absent where it wrote none
 * @returns {Counts}
 */
export function countOutcome({ kind, status, report }) {
  if (kind === 'check') return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, notes: [] };
  if (!report) return { passed: 0, failed: 1, notes: [`no report (exit status ${status})`] };
  const { passed, skipped, notes, ...counted } = READERS[kind](report);
  let { failed } = counted;
  if (skipped > 0) {
    failed += skipped;
    notes.push(`${skipped} skipped, counted as failed`);
  }
  if (passed + failed === 0) {
    failed = 1;
    notes.push('no test ran');
  }
  if (status !== 0 && failed === 0) {
    failed = 1;
    notes.push(`exit status ${status} although every test passed: an error outside the tests`);
  }
  return { passed, failed, notes };
}

/** @param {Counts[]} parts of one stage */
export function sumCounts(parts) {
  return {
    passed: parts.reduce((sum, { passed }) => sum + passed, 0),
    failed: parts.reduce((sum, { failed }) => sum + failed, 0),
    notes: parts.flatMap(({ notes }) => notes),
  };
}

/** @param {{ name: string, counts: Counts, seconds: number }[]} stages */
export function formatTable(stages) {
  const width = Math.max(...stages.map(({ name }) => name.length), 5);
  const row = (name, passed, failed, time, notes = '') =>
    `${name.padEnd(width)}  ${String(passed).padStart(6)}  ${String(failed).padStart(6)}  ${time.padStart(7)}  ${notes}`.trimEnd();
  return [
    row('stage', 'passed', 'failed', 'time'),
    ...stages.map(({ name, counts, seconds }) =>
      row(name, counts.passed, counts.failed, `${seconds.toFixed(1)} s`, counts.notes.join('; ')),
    ),
  ].join('\n');
}
