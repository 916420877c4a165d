// Ten thousand streams at once, half of them left midway, five times over: nothing may be left behind. npm run test:storm
import { createGateway, recommended } from 'headgate';
import { openai } from 'headgate/providers/openai';
import { fork, type ChildProcess } from 'node:child_process';
import { watchLeftovers, type Leftovers } from './leftovers.ts';
import { storm } from './streams.ts';
import { IDLE_SOCKET_MS } from './weather.ts';

const STREAMS = 10_000;
const ROUNDS = 5;
/** Files of a process that are not its streams'. */
const OTHER_FILES = 200;
/** Of the heap, in a round. The first does not count: it compiles, and fills what stays. */
const MOST_GROWTH = 0.01;
const SERVER = '--server';

const failures: string[] = [];

if (process.argv.includes(SERVER)) await import('./server.ts');
else await main();

async function main(): Promise<void> {
  const server = fork(import.meta.filename, [SERVER]);
  try {
    await rounds(server, `${await answer(server)}`);
  } finally {
    server.disconnect();
  }
  for (const failure of failures) say(`broken: ${failure}`);
  say(failures.length === 0 ? 'nothing was left behind' : `${failures.length} promises were broken`);
  process.exitCode = failures.length === 0 ? 0 : 1;
}

async function rounds(server: ChildProcess, baseUrl: string): Promise<void> {
  const count = streamsAllowed();
  const gateway = createGateway({ providers: [openai({ name: 'p', apiKey: 'k', api: 'chat', baseUrl, connectTimeoutMs: 60_000 })], interceptors: recommended() });
  const leftovers = watchLeftovers();
  await storm(gateway, 20);
  await pause(3 * IDLE_SOCKET_MS);
  const before = await leftovers.count();
  let last = before;
  const heaps: number[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    const startedAt = performance.now();
    const { whole, abandoned, wrong, most, settledMs, listeners } = await storm(gateway, count);
    const tookMs = performance.now() - startedAt;
    await pause(3 * IDLE_SOCKET_MS);
    last = await leftovers.count();
    heaps.push(last.heap);
    const serverSockets = Number(await ask(server));
    say(`round ${round}: ${whole} whole, ${abandoned} left, ${wrong.length} wrong, ${most} at once, ${(tookMs / 1000).toFixed(1)} s, left ones ended within ${Math.round(settledMs)} ms (99 of 100); afterwards ${shown(last)}, ${listeners} listeners, ${serverSockets} sockets at the server`);
    if (wrong.length > 0) failures.push(`round ${round}: ${wrong.length} streams ended wrongly, such as with ${[...new Set(wrong)].slice(0, 3).join(', ')}`);
    if (settledMs > 1000) failures.push(`round ${round}: a stream ended ${settledMs} ms after it was left`);
    if (listeners > 0) failures.push(`round ${round}: ${listeners} listeners are left`);
    if (serverSockets > 0) failures.push(`round ${round}: the server still has ${serverSockets} sockets`);
    failures.push(...compared(`round ${round}`, last, before));
  }
  await gateway.close();
  await pause(100);
  failures.push(...compared('the closed gateway', await leftovers.count(), before));
  const growth = ((heaps.at(-1) ?? 0) / (heaps[1] ?? 1)) ** (1 / (ROUNDS - 2)) - 1;
  say(`heap: ${heaps.map(megabytes).join(', ')} MB, ${(growth * 100).toFixed(2)} % a round after the first; resident at most ${megabytes(process.resourceUsage().maxRSS * 1024)} MB`);
  if (growth > MOST_GROWTH) failures.push(`the heap grows by ${(growth * 100).toFixed(2)} % a round`);
}

function compared(when: string, now: Leftovers, before: Leftovers): readonly string[] {
  return (['timers', 'sockets', 'files'] as const).flatMap((kind) => ((now[kind] ?? 0) > (before[kind] ?? 0) ? [`${when}: ${now[kind]} ${kind}, ${before[kind]} before the storm`] : []));
}

/** Each stream is a file in both processes. Node has raised its own limit as far as it may. */
function streamsAllowed(): number {
  const limit = openFilesLimit();
  if (limit >= STREAMS + OTHER_FILES) {
    say(`${STREAMS} streams a round`);
    return STREAMS;
  }
  const count = Math.max(100, limit - OTHER_FILES);
  say(`${count} streams a round instead of ${STREAMS}: this process may open no more than ${limit} files (ulimit -Hn)`);
  return count;
}

function openFilesLimit(): number {
  // The report's type is `object`: it says what it holds in its documentation alone.
  const { userLimits } = process.report.getReport() as { readonly userLimits?: { readonly open_files?: { readonly soft?: number | string } } };
  const soft = userLimits?.open_files?.soft;
  return typeof soft === 'number' ? soft : Infinity;
}

function ask(child: ChildProcess): Promise<unknown> {
  child.send('sockets');
  return answer(child);
}

function answer(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = (): void => reject(new Error('the server of the storm ended'));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message);
    });
  });
}

function shown({ timers, sockets, files, heap }: Leftovers): string {
  return `${timers} timers, ${sockets} sockets, ${files === undefined ? '' : `${files} files, `}${megabytes(heap)} MB heap`;
}

function megabytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
