// Appends to a ledger until it is killed, and says after each append what is in it now. Run by rounds.ts.
import { sqliteLedger } from 'headgate/stores/sqlite';
import { writeSync } from 'node:fs';
import { batchOf } from './batch.ts';

const [file = '', writer = '', again = ''] = process.argv.slice(2);
const ledger = sqliteLedger({ path: file, busyTimeoutMs: 10_000 });

// What became of these is not known: the one before was killed while it wrote them.
for (const batch of again.split(' ').filter((name) => name !== '')) await ledger.append(batchOf(batch));
for (let batch = 0; ; batch++) {
  const name = `${writer}-${batch}`;
  writeSync(1, `begun ${name}\n`);
  await ledger.append(batchOf(name));
  writeSync(1, `stored ${name}\n`);
}
