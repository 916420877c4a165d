import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { isBuildStale } from '../../scripts/build-if-stale.js';

const execute = promisify(execFile);

/** A project of its own in a temporary folder, with the packed package installed. */
export interface Consumer {
  readonly folder: string;
  /** Paths inside the tarball. */
  readonly packed: readonly string[];
  readonly manifest: Readonly<Record<string, unknown>>;
  /** Writes a file of this name and runs it. Resolves with what it printed; rejects when it fails. */
  run(name: string, code: string, flags?: readonly string[]): Promise<string>;
  /** Checks files of these names and contents with the TypeScript compiler, libraries included. Resolves with its complaints. */
  check(files: Readonly<Record<string, string>>, compilerOptions: { readonly types: readonly string[] } & Readonly<Record<string, unknown>>): Promise<string>;
  remove(): Promise<void>;
}

/** Throws when the tests would look at something else than the source. */
export function assertBuilt(): void {
  if (isBuildStale()) throw new Error('dist is missing or older than src: npm run build');
}

/** Packs the package and installs it without a network: its dependencies are links to the ones here. */
export async function createConsumer(): Promise<Consumer> {
  assertBuilt();
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'headgate-consumer-')));
  const installed = path.join(folder, 'node_modules/headgate');
  await mkdir(installed, { recursive: true });
  await execute('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder]);
  const tarball = (await readdir(folder)).find((file) => file.endsWith('.tgz'));
  if (tarball === undefined) throw new Error('npm pack left no tarball');
  await execute('tar', ['-xzf', path.join(folder, tarball), '-C', installed, '--strip-components=1']);
  const manifest = JSON.parse(await readFile(path.join(installed, 'package.json'), 'utf8')) as Consumer['manifest'];
  // The one optional peer that a subpath loads by itself.
  for (const name of [...Object.keys(manifest['dependencies'] as object), '@opentelemetry/api']) await link(folder, name);
  await writeFile(path.join(folder, 'package.json'), JSON.stringify({ name: 'consumer', private: true }));
  const packed = (await readdir(installed, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map((entry) => path.relative(installed, path.join(entry.parentPath, entry.name)));

  return {
    folder,
    packed: packed.map((file) => file.split(path.sep).join('/')).toSorted(),
    manifest,
    async run(name, code, flags = []) {
      await writeFile(path.join(folder, name), code);
      const { stdout } = await execute(process.execPath, [...flags, name], { cwd: folder, env: { PATH: process.env['PATH'] } });
      return stdout;
    },
    async check(files, compilerOptions) {
      // An import of node: would find them wherever they are, so they are there only for who asks for them.
      await rm(path.join(folder, 'node_modules/@types'), { recursive: true, force: true });
      if (compilerOptions.types.includes('node')) for (const name of ['@types/node', 'undici-types']) await link(folder, name);
      for (const [name, code] of Object.entries(files)) await writeFile(path.join(folder, name), code);
      await writeFile(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { strict: true, noEmit: true, skipLibCheck: false, target: 'es2023', ...compilerOptions }, files: Object.keys(files) }));
      try {
        await execute(process.execPath, [path.resolve('node_modules/typescript/bin/tsc'), '-p', folder, '--pretty', 'false']);
        return '';
      } catch (error) {
        return (error as { readonly stdout: string }).stdout; // execFile rejects with the output beside the exit code
      }
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function link(folder: string, name: string): Promise<void> {
  const target = path.join(folder, 'node_modules', name);
  await rm(target, { recursive: true, force: true });
  await mkdir(path.dirname(target), { recursive: true });
  await symlink(path.resolve('node_modules', name), target, 'junction');
}
