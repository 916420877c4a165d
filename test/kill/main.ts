// Kills processes that write to a ledger, a hundred times: nothing that was acknowledged may be lost or doubled. npm run test:kill
import { killRounds } from './rounds.ts';

const ROUNDS = 34; // of three processes each
const startedAt = performance.now();
const { kills, acknowledged, answered, ...broken } = await killRounds(ROUNDS);
say(`${kills} processes killed, ${acknowledged} entries acknowledged, ${answered} calls answered, in ${((performance.now() - startedAt) / 1000).toFixed(0)} s on Node ${process.versions.node}`);
for (const [name, count] of Object.entries(broken)) say(`${name}: ${count}`);
process.exitCode = Object.values(broken).every((count) => count === 0) ? 0 : 1;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
