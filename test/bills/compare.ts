import { VENDORS, usageOf, type VendorName } from './price-list.ts';
import type { Row, Run } from './run.ts';
import type { BillLine } from './vendor.ts';

/** Both sides of a number of requests, in nano-USD. */
export interface Sides {
  readonly requests: number;
  readonly ours: bigint;
  readonly theirs: bigint;
}

export interface Comparison {
  /** What must not be: none of them is a matter of degree. */
  readonly problems: readonly string[];
  /** Rows whose usage the vendor said, by vendor. */
  readonly exact: ReadonlyMap<VendorName, Sides>;
  /** Rows whose usage was counted here, by why. */
  readonly estimated: ReadonlyMap<string, Sides>;
  /** Requests that cost nothing on both sides. */
  readonly unbilled: number;
  /** Rows of requests that no vendor saw, all of them given up before they arrived, and what they are booked with. */
  readonly unseen: Sides;
}

/** Matches every request with its row, and adds up both sides. */
export function compare({ rows, bill, totals, problems: found }: Run): Comparison {
  const problems = [...found];
  const exact = new Map<VendorName, Sides>();
  const estimated = new Map<string, Sides>();
  const matched = new Set<string>();
  const wrong = (line: BillLine, what: string): void => void problems.push(`${line.attempt} (${line.requestId}, ${line.trouble}): ${what}`);
  let unbilled = 0;

  for (const line of bill) {
    const row = rows.get(line.attempt);
    if (row === undefined) {
      wrong(line, 'the vendor saw it, and no row tells of it');
      continue;
    }
    if (matched.has(line.attempt)) wrong(line, 'two requests of one attempt');
    matched.add(line.attempt);
    const { report, nanoUsd } = row;
    if (report.requestId !== undefined && report.requestId !== line.requestId) wrong(line, `its row says request ${report.requestId}`);
    if (nanoUsd === undefined) {
      if (line.nanoUsd !== 0n) wrong(line, `billed ${line.nanoUsd} nano-USD, and its row (${report.outcome}, ${report.certainty}) costs nothing`);
      unbilled++;
    } else if (report.usage?.estimated === true) {
      add(estimated, whyEstimated(line, row), nanoUsd, line.nanoUsd);
    } else {
      if (!line.whole) wrong(line, 'its row claims a count that the vendor did not send');
      if (nanoUsd !== line.nanoUsd) wrong(line, `billed ${line.nanoUsd} nano-USD, booked ${nanoUsd} for ${JSON.stringify(report.usage)} instead of ${JSON.stringify(usageOf(line.tokens))}`);
      add(exact, line.vendor, nanoUsd, line.nanoUsd);
    }
  }

  let unseen: Sides = NONE;
  for (const [id, { report, nanoUsd = 0n }] of rows) {
    if (matched.has(id) || report.certainty === 'not_sent') continue;
    if (report.outcome === 'ok') problems.push(`${id}: answered by a vendor that never saw it`);
    unseen = { requests: unseen.requests + 1, ours: unseen.ours + nanoUsd, theirs: 0n };
  }
  problems.push(...ledgerProblems(rows, totals));
  return { problems, exact, estimated, unbilled, unseen };
}

/** The ledger adds up what the meter said, no more and no less. */
function ledgerProblems(rows: Run['rows'], totals: Run['totals']): readonly string[] {
  return VENDORS.flatMap((vendor) => {
    const own = [...rows.values()].filter(({ report }) => report.target.provider === vendor && report.certainty !== 'not_sent');
    const total = totals.find(({ group }) => group['provider'] === vendor);
    const metered = own.reduce((sum, { nanoUsd }) => sum + (nanoUsd ?? 0n), 0n);
    const booked = BigInt(Math.round((total?.costUsd ?? 0) * 1e9));
    const guessed = own.filter(({ report, nanoUsd }) => nanoUsd !== undefined && report.usage?.estimated === true).length;
    const said: string[] = [];
    if (booked !== metered) said.push(`the ledger has ${booked} nano-USD for ${vendor}, the meter said ${metered}`);
    if ((total?.attempts ?? 0) !== own.length) said.push(`the ledger has ${total?.attempts} rows for ${vendor}, there were ${own.length} attempts`);
    if ((total?.estimated ?? 0) !== guessed) said.push(`the ledger has ${total?.estimated} estimated rows for ${vendor}, there were ${guessed}`);
    if ((total?.unpriced ?? 0) !== 0) said.push(`the ledger has ${total?.unpriced} rows without a price for ${vendor}`);
    return said;
  });
}

function whyEstimated(line: BillLine, { report }: Row): string {
  if (line.vendor === 'silent' && report.outcome === 'ok') return 'whole answers of a vendor that never counts';
  if (report.outcome === 'cancelled' || report.outcome === 'deadline_exceeded') return line.tokens.visible > 0 ? 'given up by the caller, some of it sent' : 'given up by the caller, nothing sent';
  return report.timeToFirstContentMs === undefined ? 'failed, and nothing of the answer was seen' : 'broken off';
}

const NONE: Sides = { requests: 0, ours: 0n, theirs: 0n };

function add<Key>(sums: Map<Key, Sides>, key: Key, ours: bigint, theirs: bigint): void {
  const before = sums.get(key) ?? NONE;
  sums.set(key, { requests: before.requests + 1, ours: before.ours + ours, theirs: before.theirs + theirs });
}
