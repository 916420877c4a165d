import { defineConfig } from 'tsup';

export default defineConfig({
  entry: [
    'src/index.ts',
    'src/providers/openai.ts',
    'src/providers/anthropic.ts',
    'src/providers/google.ts',
    'src/providers/openai-compatible.ts',
    'src/testing/index.ts',
  ],
  format: ['esm', 'cjs'],
  dts: true,
  target: 'node22.19',
  platform: 'node',
  // One copy of every shared module, for CJS too: state and classes would double otherwise.
  splitting: true,
  // Hands the CJS rewrite to rollup. Without it tsup uses sucrase, which lowers `?.` and `??` to helper calls and `import()` to `require()`.
  treeshake: true,
  clean: true,
});
