import { describe, expect, it } from 'vitest';
import { countOutcome, formatTable, sumCounts } from './test-counts.mjs';

const vitestReport = (over = {}) => ({
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [{ name: 'a.test.ts', status: 'passed', assertionResults: [{ status: 'passed' }] }],
  ...over,
});
const playwrightReport = (over = {}, errors = []) => ({
  stats: { expected: 4, unexpected: 0, flaky: 0, skipped: 0, ...over },
  errors,
});
const totals = ({ passed, failed }) => [passed, failed];

it('a stage in parts has the sum of their counts, and one part without a report fails it', () => {
  const good = countOutcome({ kind: 'vitest', status: 0, report: vitestReport() });
  const none = countOutcome({ kind: 'vitest', status: null });
  expect(totals(sumCounts([good, good]))).toEqual([6, 0]);
  expect(totals(sumCounts([good, none]))).toEqual([3, 1]);
  expect(sumCounts([good, none]).notes).toEqual(none.notes);
});

describe('countOutcome', () => {
  it('counts a check as one', () => {
    expect(totals(countOutcome({ kind: 'check', status: 0 }))).toEqual([1, 0]);
    expect(totals(countOutcome({ kind: 'check', status: 2 }))).toEqual([0, 1]);
    expect(totals(countOutcome({ kind: 'check', status: null }))).toEqual([0, 1]);
  });

  it('takes the real totals of a runner', () => {
    expect(totals(countOutcome({ kind: 'vitest', status: 0, report: vitestReport() }))).toEqual([3, 0]);
    expect(totals(countOutcome({ kind: 'playwright', status: 0, report: playwrightReport() }))).toEqual([4, 0]);
    expect(
      totals(countOutcome({ kind: 'playwright', status: 1, report: playwrightReport({ unexpected: 2 }) })),
    ).toEqual([4, 2]);
  });

  it('counts a file that failed to load as a failure', () => {
    const testResults = [{ name: 'b.test.ts', status: 'failed', assertionResults: [] }];
    expect(totals(countOutcome({ kind: 'vitest', status: 1, report: vitestReport({ testResults }) }))).toEqual([3, 1]);
  });

  it('does not count a failed test twice for failing its file', () => {
    const testResults = [{ name: 'c.test.ts', status: 'failed', assertionResults: [{ status: 'failed' }] }];
    const report = vitestReport({ numFailedTests: 1, testResults });
    expect(totals(countOutcome({ kind: 'vitest', status: 1, report }))).toEqual([3, 1]);
  });

  it('fails a stage that wrote no report, ran nothing, skipped a test, flaked, or exited badly for no counted reason', () => {
    expect(totals(countOutcome({ kind: 'vitest', status: 0 }))).toEqual([0, 1]);
    expect(
      totals(countOutcome({ kind: 'vitest', status: 0, report: vitestReport({ numPassedTests: 0, testResults: [] }) })),
    ).toEqual([0, 1]);
    expect(totals(countOutcome({ kind: 'vitest', status: 0, report: vitestReport({ numPendingTests: 2 }) }))).toEqual([
      3, 2,
    ]);
    expect(totals(countOutcome({ kind: 'playwright', status: 0, report: playwrightReport({ flaky: 1 }) }))).toEqual([
      4, 1,
    ]);
    expect(totals(countOutcome({ kind: 'vitest', status: 1, report: vitestReport() }))).toEqual([3, 1]);
    expect(
      totals(countOutcome({ kind: 'playwright', status: 1, report: playwrightReport({}, [{ message: 'no server' }]) })),
    ).toEqual([4, 1]);
  });
});

describe('formatTable', () => {
  it('gives every stage a row with its notes', () => {
    const counts = { passed: 0, failed: 1, notes: ['no test ran'] };
    expect(formatTable([{ name: 'unit', counts, seconds: 1.25 }])).toMatch(/^unit +0 +1 +1\.3 s +no test ran$/m);
  });
});
