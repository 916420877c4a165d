import { describe, expect, it } from 'vitest';
import { countLine, countTests, type TestReport } from '../../scripts/count-tests.js';

function report(files: readonly { readonly name?: string; readonly status?: string; readonly tests: readonly string[] }[], success = true): TestReport {
  return {
    success,
    testResults: files.map(({ name = 'test/some.test.ts', status = 'passed', tests }) => ({ name, status, assertionResults: tests.map((one) => ({ status: one })) })),
  };
}

describe('countTests', () => {
  it('counts what passed, failed and was skipped over all files', () => {
    const count = countTests(report([{ tests: ['passed', 'passed', 'pending'] }, { tests: ['failed', 'todo'], status: 'failed' }], false));
    expect(count).toEqual({ passed: 2, failed: 1, skipped: 2 });
  });

  it('counts a file that could not be loaded as one failure', () => {
    expect(countTests(report([{ tests: ['passed'] }, { tests: [], status: 'failed' }], false)).failed).toBe(1);
  });

  it('counts a run that failed without a failed test as one failure', () => {
    expect(countTests(report([{ tests: ['passed'] }], false)).failed).toBe(1);
  });

  it('lets a suite against a server be skipped where no server is required', () => {
    expect(countTests(report([{ name: 'test/redis.server.test.ts', tests: ['pending'] }]))).toEqual({ passed: 0, failed: 0, skipped: 1 });
  });

  it.each([{ tests: ['pending'] }, { tests: [] }])('counts a suite against a server that ran $tests.length tests and passed none as a failure where servers are required', ({ tests }) => {
    const count = countTests(report([{ name: 'test/redis.server.test.ts', tests }]), { requireServers: true });
    expect(count).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});

describe('countLine', () => {
  it('names skipped tests only when there are some', () => {
    expect([countLine({ passed: 3, failed: 0, skipped: 0 }), countLine({ passed: 3, failed: 1, skipped: 2 })]).toEqual(['3 passed, 0 failed', '3 passed, 1 failed, 2 skipped']);
  });
});
