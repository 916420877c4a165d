import { spawnSync } from 'node:child_process';
import { existsSync, globSync, statSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const built = path.join(root, 'dist/index.js');

/** Whether `dist` is missing, or older than what it is built from. */
export function isBuildStale(): boolean {
  if (!existsSync(built)) return true;
  const builtAt = statSync(built).mtimeMs;
  return globSync(['src/**/*.ts', 'package.json', 'tsup.config.ts', 'tsconfig.json'], { cwd: root }).some((file) => statSync(path.join(root, file)).mtimeMs > builtAt);
}

if (import.meta.main && isBuildStale()) {
  console.log('Building the package first …');
  process.exitCode = spawnSync('npm', ['run', '--silent', 'build', '--', '--silent'], { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' }).status ?? 1;
}
