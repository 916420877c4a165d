// Answers calls through a gateway with a durable ledger until it is killed, and names each call whose answer has come. Run by rounds.ts.
import { createGateway, ledger } from 'headgate';
import { sqliteLedger } from 'headgate/stores/sqlite';
import { mockProvider } from 'headgate/testing';
import { writeSync } from 'node:fs';

const [file = ''] = process.argv.slice(2);
const mock = mockProvider();
mock.always('An answer');
const store = sqliteLedger({ path: file, busyTimeoutMs: 10_000 });
const gateway = createGateway({ providers: [mock], interceptors: [ledger({ store, durable: true, onStoreError: 'reject' })] });

async function caller(): Promise<never> {
  for (;;) {
    const response = await gateway.chat({ model: 'mock/m', messages: [{ role: 'user', content: 'Hi' }] }, { tags: { feature: 'answers' } });
    writeSync(1, `answered ${response.gateway?.callId}\n`);
  }
}

await Promise.all(Array.from({ length: 4 }, caller));
