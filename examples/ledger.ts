// Who spent what: a row for every attempt and every cache hit in one SQLite file, totals by tag, and CSV for the accountants.
import { createGateway, formatTotals, isGatewayError, ledger, ledgerCsv, recommended, type Ledger } from 'headgate';
import { sqliteLedger } from 'headgate/stores/sqlite';
import { mockProvider } from 'headgate/testing';
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

process.removeAllListeners('warning'); // Node 22 warns that its SQLite is experimental

const folder = mkdtempSync(path.join(tmpdir(), 'headgate-'));
const file = path.join(folder, 'spend.db');
const openai = mockProvider({ name: 'openai' });
openai.always({ text: 'An answer.', usage: { inputTokens: 1200, outputTokens: 300 } });

// #region setup
const store = sqliteLedger({ path: file });
const gateway = createGateway({
  providers: [openai],
  interceptors: recommended({ ledger: { store, retentionMs: 90 * 86_400_000, tags: ['tenant', 'feature'] } }),
});
// #endregion setup

const messages = [{ role: 'user', content: 'Why is the sky blue?' }] as const;
for (const [tenant, feature] of [['acme', 'search'], ['acme', 'chat'], ['zeta', 'chat']] as const) {
  await gateway.chat({ model: 'openai/gpt-5-mini', messages }, { tags: { tenant, feature, user: 'jane' } });
}

// #region spend
const totals = await gateway.spend({ groupBy: ['tenant', 'feature'], from: Date.now() - 86_400_000 });
console.log(formatTotals(totals));
const [acme] = await gateway.spend({ where: { tenant: 'acme' } });
console.log(`acme: ${acme?.calls} calls, ${acme?.costUsd.toFixed(6)} USD, ${acme?.unpriced} attempts without a price`);
// #endregion spend

// #region series
const day = 86_400_000;
const series = await gateway.spend({ from: Date.now() - 30 * day, where: { tenant: 'acme' }, groupBy: ['model', 'feature'], bucketMs: day });
// #endregion series
console.log(formatTotals(series));

// #region csv
const csv = path.join(folder, 'spend.csv');
await pipeline(Readable.from(ledgerCsv(store, { from: Date.now() - 86_400_000 }, { tags: ['tenant', 'feature'] })), createWriteStream(csv));
// #endregion csv
console.log(`${readFileSync(csv, 'utf8').split('\r\n').length - 2} lines of CSV`);

await gateway.close(); // writes what is still to be written
await store.close?.();

const broken: Ledger = { ...store, append: () => Promise.reject(new Error('no connection')) };

// #region durable
const strict = createGateway({
  providers: [openai],
  interceptors: [ledger({ store: broken, durable: true, onStoreError: 'reject' })],
});
try {
  await strict.chat({ model: 'openai/gpt-5-mini', messages });
} catch (error) {
  if (!isGatewayError(error, 'store_unavailable')) throw error;
  // Paid for before the store failed, so it is here. Later calls are refused before anything is sent.
  console.log(`${error.message}: ${error.partial?.text}`);
}
// #endregion durable

// #region lost
const lenient = ledger({
  store: broken,
  onError: () => console.log('a write failed; it is tried again'),
  onLoss: (entries) => entries.forEach((entry) => console.log(`lost: a row of ${entry.target.model}`)),
});
// #endregion lost
const forgetful = createGateway({ providers: [openai], interceptors: [lenient] });
await forgetful.chat({ model: 'openai/gpt-5-mini', messages });
await forgetful.close();
console.log(`${lenient.lost} row lost`);

await strict.close();
rmSync(folder, { recursive: true });
