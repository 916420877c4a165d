// What a call costs, beside what one would use instead. docs/performance.md says how to read it.
//   npm run bench                     everything, under four minutes
//   npm run bench -- --quick          everything, roughly, under 40 seconds
//   npm run bench -- calls idle       some parts: calls, responses, idle, interceptors, telemetry, cache, start-up, tokens
import { ARMS, type ArmName } from './arms.ts';
import type { CacheHits } from './cache.ts';
import { compare, type Comparison, type Measured } from './compare.ts';
import type { IdleStreams } from './idle-streams.ts';
import type { InMemory } from './in-memory.ts';
import { companion, run } from './processes.ts';
import { firstCallTimes, importTimes } from './start-up.ts';
import type { TelemetryCost } from './telemetry.ts';
import { median, rounded, table } from './statistics.ts';
import { estimates, speeds } from './tokens.ts';

const PARTS = ['calls', 'responses', 'idle', 'interceptors', 'telemetry', 'cache', 'start-up', 'tokens'] as const;
type Part = (typeof PARTS)[number];

const SHAPES = {
  unary: { question: 'unary', callers: 32, sliceMs: 100 },
  bunches: { question: 'bunches', callers: 8, sliceMs: 100 },
  // Such a stream takes a third of a second: a slice is one of each caller.
  single: { question: 'single', callers: 16, sliceMs: 1 },
} as const satisfies Record<string, Omit<Comparison, 'rounds' | 'warmUpMs'>>;

const HEADINGS: Readonly<Record<keyof typeof SHAPES, string>> = {
  unary: 'Unary: µs CPU per call, 32 callers',
  bunches: 'Streams of 300 chunks in bunches of ten: µs CPU per chunk, 8 readers',
  single: 'Streams of 300 chunks, one by one: µs CPU per chunk, 16 readers',
};

interface Effort {
  readonly rounds: Readonly<Record<keyof typeof SHAPES, number>>;
  readonly warmUpMs: Readonly<Record<keyof typeof SHAPES, number>>;
  readonly processes: number;
  readonly textsOfKind: number;
  readonly interceptors: { readonly rounds: number; readonly sliceMs: number };
}

const FULL: Effort = { rounds: { unary: 20, bunches: 15, single: 7 }, warmUpMs: { unary: 3000, bunches: 1500, single: 1 }, processes: 9, textsOfKind: 435, interceptors: { rounds: 25, sliceMs: 20 } };
const QUICK: Effort = { rounds: { unary: 3, bunches: 2, single: 1 }, warmUpMs: { unary: 300, bunches: 150, single: 1 }, processes: 1, textsOfKind: 40, interceptors: { rounds: 5, sliceMs: 10 } };

const CHAT: readonly ArmName[] = ['openai-sdk', 'ai-sdk', 'headgate', 'headgate-client', 'parsed', 'undici', 'node-http', 'fetch'];
const RESPONSES: readonly ArmName[] = ['openai-sdk-responses', 'headgate-responses'];
const READERS: readonly ArmName[] = ['openai-sdk', 'ai-sdk', 'headgate', 'headgate-client', 'parsed'];

interface Target {
  readonly what: string;
  readonly atMost: number;
  readonly measured: number;
  readonly unit: string;
}

const parameters = process.argv.slice(2);
const effort = parameters.includes('--quick') ? QUICK : FULL;
const asked = parameters.filter((parameter) => !parameter.startsWith('--'));
const unknown = asked.find((part) => !PARTS.some((known) => known === part));
if (unknown !== undefined) {
  console.error(`There is no part named '${unknown}'; the parts are ${PARTS.join(', ')}.`);
  process.exit(1);
}
const wanted = (part: Part): boolean => asked.length === 0 || asked.includes(part);
const targets: Target[] = [];
const startedAt = performance.now();
const server = await companion('server.ts');
const url = String(server.greeting);

console.log(`Node ${process.versions.node}, ${process.platform} ${process.arch}${effort === QUICK ? ', --quick: rough figures' : ''}`);
try {
  if (wanted('calls')) await calls();
  if (wanted('responses')) await responses();
  if (wanted('idle')) await idle();
  if (wanted('interceptors')) await interceptors();
  if (wanted('telemetry')) await telemetry();
  if (wanted('cache')) await cache();
  if (wanted('start-up')) await startUp();
  if (wanted('tokens')) await tokens();
} finally {
  server.stop();
}
print('Targets', ['', 'at most', 'measured', ''], targets.map(({ what, atMost, measured, unit }) => [what, `${atMost}${unit}`, `${rounded(measured)}${unit}`, measured <= atMost ? 'reached' : 'not reached']));
console.log(`\n${((performance.now() - startedAt) / 1000).toFixed(0)} seconds`);

async function calls(): Promise<void> {
  const limits = { unary: 0.2, bunches: 0.5, single: 0.7 };
  for (const shape of ['unary', 'bunches', 'single'] as const) {
    const measured = await compareShape(shape, CHAT);
    print(HEADINGS[shape], ['', 'µs', 'of the openai SDK'], measured.map((one) => [one.title, rounded(one.micros), rounded(one.ratioTo('openai-sdk'))]));
    const ours = measured.find(({ arm }) => arm === 'headgate');
    if (ours === undefined) continue;
    targets.push({ what: `${shape}, of the openai SDK`, atMost: limits[shape], measured: ours.ratioTo('openai-sdk'), unit: ' ×' });
    targets.push({ what: `${shape}, of what it stands on`, atMost: 1.5, measured: ours.ratioTo('parsed'), unit: ' ×' });
  }
}

async function responses(): Promise<void> {
  const rows: string[][] = [];
  for (const shape of ['unary', 'bunches'] as const) {
    const measured = await compareShape(shape, RESPONSES);
    for (const one of measured) rows.push([`${one.title}, ${shape === 'unary' ? 'per call' : 'per chunk in bunches'}`, rounded(one.micros), rounded(one.ratioTo('openai-sdk-responses'))]);
  }
  print('Responses API: µs CPU', ['', 'µs', 'of the openai SDK'], rows);
}

function compareShape(shape: keyof typeof SHAPES, arms: readonly ArmName[]): Promise<readonly Measured[]> {
  return compare(url, arms, { ...SHAPES[shape], rounds: effort.rounds[shape], warmUpMs: effort.warmUpMs[shape] });
}

async function idle(): Promise<void> {
  const runs = Math.ceil(effort.processes / 3);
  const rows: string[][] = [];
  for (const arm of READERS) {
    const figures: IdleStreams[] = [];
    for (let at = 0; at < runs; at++) figures.push((await run('idle-streams.ts', [arm, url])) as IdleStreams); // what that file writes
    const heap = median(figures.map((one) => one.heap));
    rows.push([ARMS[arm].title, rounded(heap), rounded(median(figures.map((one) => one.resident)))]);
    if (arm === 'headgate') targets.push({ what: 'an idle stream', atMost: 20, measured: heap, unit: ' KiB' });
  }
  print('500 idle streams: KiB each, in the reader', ['', 'heap, external, array buffers', 'resident'], rows);
}

async function interceptors(): Promise<void> {
  const { rounds, sliceMs } = effort.interceptors;
  const measured = (await run('in-memory.ts', [String(rounds), String(sliceMs)])) as readonly InMemory[]; // what that file writes
  print(
    'The pipeline alone, over a provider in memory: with eight no-op interceptors, and with those that keep answering: µs CPU',
    ['each', 'per call', 'added', 'per chunk', 'added'],
    measured.map(({ kind, call, chunk }) => [kind === 'none' ? 'none' : `\`${kind}\``, rounded(call.micros), fine(call.added), fine(chunk.micros), fine(chunk.added)]),
  );
  const noOps = measured.filter(({ kind }) => kind !== 'recommended()' && kind !== 'costMeter()');
  targets.push({ what: 'eight no-op interceptors, per call, the dearest kind', atMost: 10, measured: Math.max(...noOps.map(({ call }) => call.added)), unit: ' µs' });
  targets.push({ what: 'eight no-op interceptors, per chunk, the dearest kind', atMost: 0.2, measured: Math.max(...noOps.map(({ chunk }) => chunk.added)), unit: ' µs' });
  const meter = measured.find(({ kind }) => kind === 'costMeter()');
  targets.push({ what: 'costMeter(), per call', atMost: 5, measured: meter?.call.added ?? Number.NaN, unit: ' µs' });
  const all = measured.find(({ kind }) => kind === 'recommended()');
  targets.push({ what: 'recommended(), with concurrency, per call', atMost: 25, measured: all?.call.added ?? Number.NaN, unit: ' µs' });
  targets.push({ what: 'recommended(), with concurrency, per chunk', atMost: 0.5, measured: all?.chunk.added ?? Number.NaN, unit: ' µs' });
}

async function cache(): Promise<void> {
  const { rounds, sliceMs } = effort.interceptors;
  const measured = (await run('cache.ts', [String(rounds), String(sliceMs)])) as readonly CacheHits[]; // what that file writes
  print(
    'A hit in the exact cache, the whole call: µs CPU',
    ['prompt', 'way', 'µs', 'per second'],
    measured.map(({ prompt, way, micros }) => [prompt, way, rounded(micros), Math.round(1e6 / micros).toLocaleString('en')]),
  );
  for (const [prompt, atMost] of [['4 KB', 40], ['100 KB', 400]] as const) {
    const hits = measured.filter((one) => one.prompt === prompt && one.way.startsWith('a hit'));
    targets.push({ what: `a hit with a prompt of ${prompt}, the dearest form`, atMost, measured: Math.max(...hits.map(({ micros }) => micros)), unit: ' µs' });
  }
}

async function telemetry(): Promise<void> {
  const { rounds, sliceMs } = effort.interceptors;
  const modes = { none: 'no SDK registered', sdk: 'SDK, batch processor, metrics', sampled: 'the same, one trace in a hundred' };
  const costs = new Map<string, TelemetryCost>();
  for (const mode of Object.keys(modes)) costs.set(mode, (await run('telemetry.ts', [mode, String(rounds), String(sliceMs)])) as TelemetryCost); // what that file writes
  print('What `telemetry()` adds: µs CPU', ['', 'per call', 'per chunk'], Object.entries(modes).map(([mode, title]) => [title, fine(costs.get(mode)?.call ?? Number.NaN), fine(costs.get(mode)?.chunk ?? Number.NaN)]));
  targets.push({ what: 'telemetry() without an SDK, per call', atMost: 5, measured: Math.max(0, costs.get('none')?.call ?? Number.NaN), unit: ' µs' });
  targets.push({ what: 'telemetry() without an SDK, per chunk', atMost: 0.05, measured: Math.max(0, costs.get('none')?.chunk ?? Number.NaN), unit: ' µs' });
}

async function startUp(): Promise<void> {
  const imports = await importTimes(effort.processes);
  print('Import: ms, fresh process', ['', 'ms'], [...imports].map(([name, ms]) => [name, rounded(ms)]));
  targets.push({ what: 'import of the package', atMost: 30, measured: imports.get('headgate') ?? Number.NaN, unit: ' ms' });
  const firsts = await firstCallTimes(url, [...READERS, 'undici', 'node-http', 'fetch'], effort.processes);
  print('First call: ms from nothing loaded to the first answer, fresh process', ['', 'ms'], [...firsts].map(([name, ms]) => [name, rounded(ms)]));
}

async function tokens(): Promise<void> {
  for (const encoding of ['o200k_base', 'cl100k_base'] as const) {
    const rows = await estimates(encoding, effort.textsOfKind);
    const figures = rows.map(({ kind, expected, median: middle, lowest, under }) => [kind, Number.isNaN(expected) ? '' : expected.toFixed(2), middle.toFixed(2), lowest.toFixed(2), `${(under * 100).toFixed(1)} %`]);
    print(`Estimates over counts in ${encoding}, ${effort.textsOfKind} texts of each kind`, ['', 'expected, of all', 'cautious, the median', 'the lowest', 'below 1'], figures);
    if (encoding === 'o200k_base') targets.push({ what: 'median of cautious estimates over counts', atMost: 1.15, measured: rows.at(-1)?.median ?? Number.NaN, unit: ' ×' });
  }
  const shapes = await speeds();
  print('A megabyte of each shape: ms', ['', 'estimate', 'exact count', 'tokens'], shapes.map(({ shape, estimateMs, countMs, tokens: counted }) => [shape, rounded(estimateMs), rounded(countMs), String(counted)]));
  targets.push({ what: 'an estimate of a megabyte, the slowest shape', atMost: 100, measured: Math.max(...shapes.map(({ estimateMs }) => estimateMs)), unit: ' ms' });
  targets.push({ what: 'a count of a megabyte, the slowest shape', atMost: 100, measured: Math.max(...shapes.map(({ countMs }) => countMs)), unit: ' ms' });
}

/** A no-op that costs less than the noise is not worth a sign. */
function fine(micros: number): string {
  return Math.max(0, micros).toFixed(3);
}

function print(heading: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  console.log(`\n## ${heading}\n\n${table(head, rows)}`);
}
