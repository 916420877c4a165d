import { existsSync, readFileSync } from 'node:fs';

/** The part of vitest's JSON report that is read here. */
export interface TestReport {
  readonly success: boolean;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

export interface TestCount {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** A suite in a file of this name talks to a real server: skipped on a laptop without one, never in CI. */
const SERVER_SUITE = /\.server\.test\.ts$/;

/**
 * Counts a report. What vitest fails without a failed test counts as one failed test each: a file that cannot be loaded,
 * an error nobody caught. So does, with `requireServers`, a test against a server that did not run.
 */
export function countTests(report: TestReport, options: { readonly requireServers?: boolean } = {}): TestCount {
  let passed = 0;
  let failed = 0;
  let skipped = 0;
  for (const file of report.testResults) {
    const statuses = file.assertionResults.map(({ status }) => status);
    const mustRun = options.requireServers === true && SERVER_SUITE.test(file.name);
    for (const status of statuses) {
      if (status === 'passed') passed++;
      else if (status === 'failed' || mustRun) failed++;
      else skipped++;
    }
    const silent = statuses.every((status) => status !== 'failed');
    if ((silent && file.status === 'failed') || (mustRun && statuses.length === 0)) failed++;
  }
  if (!report.success && failed === 0) failed++;
  return { passed, failed, skipped };
}

/** `12 passed, 0 failed`, with `, 3 skipped` when some were. */
export function countLine({ passed, failed, skipped }: TestCount): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

if (import.meta.main) {
  // Steps before and after the tests that failed are named as arguments, and count as one failure each.
  const [file = '', ...otherFailures] = process.argv.slice(2);
  const count = existsSync(file) ? countTests(JSON.parse(readFileSync(file, 'utf8')) as TestReport, { requireServers: true }) : { passed: 0, failed: 0, skipped: 0 };
  // A report full of passed tests does not excuse a step that failed beside it.
  const excused = count.failed > 0 ? otherFailures.filter((step) => step !== 'test') : otherFailures;
  const total = { ...count, failed: count.failed + excused.length };
  console.log(countLine(total));
  process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
}
