import path from 'node:path';
import { defineConfig } from 'vitest/config';

const source = path.resolve(import.meta.dirname, 'src');

export default defineConfig({
  resolve: {
    // The tests read the source; what was built is tested from the packed tarball, in processes of its own.
    alias: [
      { find: /^headgate\/redact$/, replacement: `${source}/redact.ts` },
      { find: /^headgate\/guardrails$/, replacement: `${source}/guardrails/index.ts` },
      { find: /^headgate\/telemetry$/, replacement: `${source}/telemetry/index.ts` },
      { find: /^headgate\/tokens\/tiktoken$/, replacement: `${source}/tokens/tiktoken.ts` },
      { find: /^headgate\/testing$/, replacement: `${source}/testing/index.ts` },
      { find: /^headgate\/((?:providers|stores)\/.+)$/, replacement: `${source}/$1.ts` },
      { find: /^headgate$/, replacement: `${source}/index.ts` },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 20_000,
    // The report is what .ci/run counts from.
    reporters: ['default', ['json', { outputFile: '.tmp/tests.json' }]],
  },
});
