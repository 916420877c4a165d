import { costMeter, createGateway, fallback, ledger, memoryLedger, retry, timeout, derive, type AttemptReport, type Decision, type Interceptor, type LedgerTotal } from 'headgate';
import { chanceOf } from '../simulation/seed.ts';
import { makeCall } from './caller.ts';
import { PRICES, VENDORS } from './price-list.ts';
import { openVendor, type BillLine } from './vendor.ts';

/** One attempt as the gateway tells of it. */
export interface Row {
  readonly report: AttemptReport;
  /** Undefined: nothing was charged. */
  readonly nanoUsd: bigint | undefined;
}

export interface Run {
  /** By `callId:index`. */
  readonly rows: ReadonlyMap<string, Row>;
  /** Of all vendors. */
  readonly bill: readonly BillLine[];
  /** Of the ledger, by provider. */
  readonly totals: readonly LedgerTotal[];
  /** How many calls ended how. */
  readonly outcomes: ReadonlyMap<string, number>;
  /** Facts that came twice or without what they belong to, and reports that say another sum than their call's rows. */
  readonly problems: readonly string[];
  readonly tookMs: number;
}

export interface RunOptions {
  readonly calls: number;
  readonly callers: number;
  readonly seed: number;
  /** How long a vendor may be silent, in milliseconds. */
  readonly patienceMs: number;
  /** Whether some are silent for ever. */
  readonly hangs: boolean;
}

/** Sends every attempt with its own name, so that the two sides can be compared one by one. */
const named: Interceptor = {
  name: 'named',
  intercept(call, next) {
    const index = call.trace.decisions.reduce((count, { what }) => (what === 'attempt-start' ? count + 1 : count), 1);
    return next(derive(call, { headers: { ...call.headers, 'x-attempt': `${call.id}:${index}` } }));
  },
};

export async function run({ calls, callers, seed, patienceMs, hangs }: RunOptions): Promise<Run> {
  const chance = chanceOf(seed);
  const vendors = await Promise.all(VENDORS.map((name) => openVendor(name, chance.fork(), hangs)));
  const rows = new Map<string, { report: AttemptReport; nanoUsd: bigint | undefined }>();
  const spent = new Map<string, bigint>();
  const outcomes = new Map<string, number>();
  const problems: string[] = [];

  function onDecision(decision: Decision, callId: string): void {
    const id = `${callId}:${decision.index}`;
    if (decision.what === 'attempt-end') {
      if (rows.has(id)) problems.push(`${id}: two ends of one attempt`);
      rows.set(id, { report: decision.report, nanoUsd: undefined });
    } else if (decision.what === 'cost') {
      const row = rows.get(id);
      if (row === undefined || row.nanoUsd !== undefined || decision.usd === undefined) problems.push(`${id}: a cost of ${decision.usd} USD ${row === undefined ? 'before its attempt’s end' : 'beside another'}`);
      const nanoUsd = BigInt(Math.round((decision.usd ?? 0) * 1e9));
      if (row !== undefined) row.nanoUsd = nanoUsd;
      spent.set(callId, (spent.get(callId) ?? 0n) + nanoUsd);
    }
  }

  const gateway = createGateway({
    providers: vendors.map(({ adapter }) => adapter),
    models: Object.fromEntries(VENDORS.flatMap((one) => VENDORS.filter((other) => other !== one).map((other) => [`${one} then ${other}`, [`${one}/model`, `${other}/model`]]))),
    interceptors: [
      ledger({ store: memoryLedger({ maxEntries: 10 * calls }), batchSize: 1000, maxBuffered: 10 * calls }),
      fallback({ onStreamInterrupted: 'continue' }),
      retry({ minDelayMs: 1, maxDelayMs: 4, budget: false }),
      timeout({ firstContentMs: patienceMs, idleMs: patienceMs, attemptMs: 2 * patienceMs, streamMs: 10 * patienceMs }),
      costMeter({ prices: PRICES, unknownPrice: 'reject' }),
      named,
    ],
    onDecision,
  });

  const startedAt = performance.now();
  let begun = 0;
  async function keepCalling(): Promise<void> {
    while (begun < calls) {
      const own = chanceOf(seed + ++begun);
      const { outcome, report } = await makeCall(gateway, own);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      if (report === undefined) continue;
      const reported = report.cost.totalUsd === undefined ? undefined : BigInt(Math.round(report.cost.totalUsd * 1e9));
      const counted = spent.get(report.callId) ?? 0n;
      if (reported !== counted) problems.push(`${report.callId}: its report says ${reported} nano-USD, its rows ${counted}`);
    }
  }
  await Promise.all(Array.from({ length: callers }, keepCalling));
  const tookMs = performance.now() - startedAt;
  const bill = (await Promise.all(vendors.map((vendor) => vendor.bill()))).flat();
  const totals = await gateway.spend({ groupBy: ['provider'] });
  await gateway.close();
  await Promise.all(vendors.map((vendor) => vendor.close()));
  return { rows, bill, totals, outcomes, problems, tookMs };
}
