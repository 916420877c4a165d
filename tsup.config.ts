import { defineConfig, type Options } from 'tsup';

const shared: Options = {
  entry: [
    'src/index.ts',
    'src/providers/openai.ts',
    'src/providers/anthropic.ts',
    'src/providers/google.ts',
    'src/providers/openai-compatible.ts',
    'src/stores/sqlite.ts',
    'src/telemetry/index.ts',
    'src/redact.ts',
    'src/guardrails/index.ts',
    'src/tokens/tiktoken.ts',
    'src/testing/index.ts',
  ],
  dts: true,
  target: 'node22.19',
  platform: 'node',
  // One copy of every shared module, in CJS too: state and classes would double otherwise.
  splitting: true,
  // Hands the CJS rewrite to rollup. Without it tsup uses sucrase, which lowers `?.` and `??` to helper calls and `import()` to `require()`.
  treeshake: true,
};

export default defineConfig([
  { ...shared, format: 'esm' },
  // Jest and older tools cannot require what is published as ES modules only.
  { ...shared, format: 'cjs', noExternal: ['eventsource-parser', 'p-retry'] },
]);
