import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';

/** A process that stays and answers messages. */
export interface Companion {
  /** What it said when it was ready. */
  readonly greeting: unknown;
  ask(message: object): Promise<unknown>;
  stop(): void;
}

/** Starts a file of this folder and waits until it says that it is ready. */
export async function companion(file: string, parameters: readonly string[] = []): Promise<Companion> {
  const child = spawn(process.execPath, [pathOf(file), ...parameters], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const greeting = await nextMessage(child, file);
  return {
    greeting,
    ask(message) {
      child.send(message);
      return nextMessage(child, file);
    },
    stop: () => void child.kill(),
  };
}

/** Runs a file of this folder to its end. Gives the JSON it wrote. */
export async function run(file: string, parameters: readonly string[] = []): Promise<unknown> {
  return JSON.parse(await output(['--expose-gc', pathOf(file), ...parameters]));
}

/** Runs a script given as text, as a module in this folder. Gives the JSON it wrote. */
export async function evaluate(script: string): Promise<unknown> {
  return JSON.parse(await output(['--input-type=module', '--eval', script]));
}

async function output(parameters: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, parameters, { stdio: ['ignore', 'pipe', 'inherit'], cwd: import.meta.dirname });
  const [written, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  if (code !== 0) throw new Error(`a process of the benchmark ended with ${String(code)}`);
  return written;
}

function nextMessage(child: ChildProcess, file: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = (): void => reject(new Error(`${file} ended in the middle of the benchmark`));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message);
    });
  });
}

function pathOf(file: string): string {
  return path.join(import.meta.dirname, file);
}
