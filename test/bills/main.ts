// Whether our bill is the servers' own: npm run test:bills -- [--calls N] [--callers N] [--seed N]
import { parseArgs } from 'node:util';
import { compare, type Sides } from './compare.ts';
import { run } from './run.ts';

const SHOWN = 20;

const { values } = parseArgs({ options: { calls: { type: 'string', default: '100000' }, callers: { type: 'string', default: '300' }, seed: { type: 'string', default: '1' } } });
const calls = Number(values.calls);
const made = await run({ calls, callers: Number(values.callers), seed: Number(values.seed), patienceMs: 8000, hangs: true });
const { problems, exact, estimated, unbilled, unseen } = compare(made);

say(`${calls} calls (seed ${values.seed}), ${made.rows.size} attempts, ${made.bill.length} requests seen by the servers, ${(made.tookMs / 1000).toFixed(0)} s, ${((calls / made.tookMs) * 1000).toFixed(0)} calls/s`);
say(`ended with ${[...made.outcomes].toSorted(([, one], [, other]) => other - one).map(([outcome, count]) => `${outcome} ${count}`).join(', ')}`);
say('\nUsage that the server said, USD:');
for (const [vendor, sides] of exact) say(line(vendor, sides));
say(line('all', total(exact.values())));
say('\nUsage that was counted here (estimated), USD:');
for (const [why, sides] of estimated) say(line(why, sides));
say(line('all', total(estimated.values())));
say(`\n${unbilled} requests cost nothing on both sides; ${unseen.requests} attempts were given up before a server saw them, booked with ${usd(unseen.ours)} USD`);
for (const problem of problems.slice(0, SHOWN)) say(`wrong: ${problem}`);
say(problems.length === 0 ? '\nevery request has its row, and every count that was said is billed to the nano-USD' : `\n${problems.length} things are wrong`);
process.exitCode = problems.length === 0 ? 0 : 1;

function line(name: string, { requests, ours, theirs }: Sides): string {
  const bias = theirs === 0n ? '' : `  ${((Number(ours - theirs) / Number(theirs)) * 100).toFixed(4)} %`;
  return `  ${name.padEnd(46)} ${String(requests).padStart(7)} requests   ours ${usd(ours).padStart(15)}   theirs ${usd(theirs).padStart(15)}   difference ${usd(ours - theirs).padStart(13)}${bias}`;
}

function total(all: Iterable<Sides>): Sides {
  let [requests, ours, theirs] = [0, 0n, 0n];
  for (const sides of all) [requests, ours, theirs] = [requests + sides.requests, ours + sides.ours, theirs + sides.theirs];
  return { requests, ours, theirs };
}

function usd(nanoUsd: bigint): string {
  return (Number(nanoUsd) / 1e9).toFixed(9);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
