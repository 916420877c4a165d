// What a ledger costs: a million entries in one SQLite file, and a call with and without one. docs/ledger.md has the figures.
//   npm run bench:ledger               a million entries, about two minutes
//   npm run bench:ledger -- 100000     fewer
import { createGateway, ledger, ledgerCsv, memoryLedger, type Interceptor, type LedgerEntry, type LedgerQuery, type ProviderAdapter } from 'headgate';
import { sqliteLedger } from 'headgate/stores/sqlite';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MESSAGES } from './scenario.ts';
import { median, rounded, table } from './statistics.ts';

const COUNT = Number(process.argv[2] ?? 1_000_000);
const BATCH = 100;
const MONTH_MS = 30 * 86_400_000;
const START = Date.UTC(2026, 0, 1);
const ROUNDS = 15;
const CALLS = 1000;

const folder = mkdtempSync(path.join(tmpdir(), 'headgate-bench-'));
console.log(`Node ${process.versions.node}, ${process.platform} ${process.arch}`);
try {
  await entries();
  await calls();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** A month of a product with a thousand tenants. */
function entry(at: number): LedgerEntry {
  const callId = crypto.randomUUID();
  return {
    id: `${callId}:1`, callId, at: START + Math.floor((at / COUNT) * MONTH_MS), target: { provider: ['openai', 'anthropic', 'google'][at % 3] ?? '', model: `model-${at % 10}` }, attempt: 1, kind: 'first',
    outcome: at % 50 === 0 ? 'overloaded' : 'ok', certainty: 'started', usage: { inputTokens: at % 5000, outputTokens: 50 }, costUsd: (at % 1_000_000) / 1e9, price: 'exact', cache: 'none', durationMs: 812.5,
    tags: { tenant: `tenant-${(at * 7919) % 1000}`, feature: `feature-${at % 7}`, environment: 'production' },
  };
}

async function entries(): Promise<void> {
  const file = path.join(folder, 'month.db');
  const store = sqliteLedger({ path: file });
  let [wallMs, cpuMicros, worstMs] = [0, 0, 0];
  for (let from = 0; from < COUNT; from += BATCH) {
    const batch = Array.from({ length: BATCH }, (_, at) => entry(from + at));
    const before = process.cpuUsage();
    const startedAt = performance.now();
    await store.append(batch);
    const took = performance.now() - startedAt;
    const { user, system } = process.cpuUsage(before);
    wallMs += took;
    cpuMicros += user + system;
    worstMs = Math.max(worstMs, took);
  }
  const rows: (readonly string[])[] = [[`append ${COUNT} entries, ${BATCH} at a time, durability 'power'`, `${(wallMs / 1000).toFixed(1)} s; an entry: ${rounded((wallMs * 1000) / COUNT)} µs, ${rounded(cpuMicros / COUNT)} µs of CPU; slowest batch ${worstMs.toFixed(0)} ms`]];
  const ask = async (what: string, query: LedgerQuery): Promise<void> => {
    const startedAt = performance.now();
    const totals = await store.totals(query);
    rows.push([what, `${(performance.now() - startedAt).toFixed(0)} ms, ${totals.length} totals`]);
  };
  await ask('everything', {});
  await ask('by model', { groupBy: ['model'] });
  await ask('by tenant', { groupBy: ['tenant'] });
  await ask('by tenant and feature', { groupBy: ['tenant', 'feature'] });
  await ask('by provider and day', { groupBy: ['provider'], bucketMs: 86_400_000 });
  await ask('by tenant, the last day', { from: START + MONTH_MS - 86_400_000, groupBy: ['tenant'] });
  await ask('one tenant, by model', { where: { tenant: 'tenant-7' }, groupBy: ['model'] });
  const startedAt = performance.now();
  let bytes = 0;
  for await (const line of ledgerCsv(store)) bytes += line.length;
  rows.push(['all of it as CSV', `${((performance.now() - startedAt) / 1000).toFixed(1)} s, ${(bytes / 1e6).toFixed(0)} MB`]);
  await store.close?.();
  rows.push(['the file', `${(statSync(file).size / 1e6).toFixed(0)} MB, ${(statSync(file).size / COUNT).toFixed(0)} bytes an entry`]);
  print('A SQLite ledger', ['', ''], rows);
}

async function calls(): Promise<void> {
  const usage = { inputTokens: 40, outputTokens: 80 };
  const content = [{ type: 'text', text: ' word'.repeat(80) }] as const;
  const memory: ProviderAdapter = {
    name: 'memory',
    async chat(_request, context) {
      context.sent();
      return { id: 'answer', model: 'memory', content, finishReason: 'stop', usage };
    },
  };
  const file = (name: string): string => path.join(folder, `${name}.db`);
  const arms: Readonly<Record<string, readonly Interceptor[]>> = {
    'no ledger': [],
    'memoryLedger': [ledger({ store: memoryLedger() })],
    'sqliteLedger': [ledger({ store: sqliteLedger({ path: file('behind') }) })],
    "sqliteLedger, durable, durability 'process'": [ledger({ store: sqliteLedger({ path: file('process'), durability: 'process' }), durable: true, onStoreError: 'reject' })],
    "sqliteLedger, durable, durability 'power'": [ledger({ store: sqliteLedger({ path: file('power') }), durable: true, onStoreError: 'reject' })],
  };
  const gateways = Object.entries(arms).map(([name, interceptors]) => ({ name, gateway: createGateway({ providers: [memory], interceptors }), cpu: [] as number[], wall: [] as number[] }));
  for (let round = -2; round < ROUNDS; round++) {
    for (const { gateway, cpu, wall } of gateways) {
      const before = process.cpuUsage();
      const startedAt = performance.now();
      // Thirty-two callers, so that what can be written together is.
      await Promise.all(Array.from({ length: 32 }, async (_, caller) => {
        for (let call = caller; call < CALLS; call += 32) await gateway.chat({ model: 'memory/model', messages: MESSAGES }, { tags: { tenant: `tenant-${call % 20}`, feature: 'bench' } });
      }));
      await gateway.spend?.({ to: 1 }).catch(() => []); // what waits to be written is part of the price
      const took = performance.now() - startedAt;
      const { user, system } = process.cpuUsage(before);
      if (round < 0) continue;
      cpu.push((user + system) / CALLS);
      wall.push((took * 1000) / CALLS);
    }
  }
  const [bare] = gateways;
  print('A call, 32 callers', ['', 'µs of CPU', 'more than without', 'µs on the clock'], gateways.map(({ name, cpu, wall }) => [name, rounded(median(cpu)), rounded(median(cpu.map((sample, at) => sample - (bare?.cpu[at] ?? Number.NaN)))), rounded(median(wall))]));
  for (const { gateway } of gateways) await gateway.close();
}

function print(title: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  console.log(`\n${title}\n${table(head, rows)}`);
}
