// Seeing what happens without a collector: a line in the log for each call, and figures to ask for.
import { createGateway, formatTotals, log, recommended, stats, type LedgerTotal } from 'headgate';
import { mockProvider } from 'headgate/testing';

const openai = mockProvider({ name: 'openai' });
const anthropic = mockProvider({ name: 'anthropic' });
const lines: string[] = [];
const logger = { info: (line: unknown) => void lines.push(String(line)), debug: () => {} };

// #region setup
const gateway = createGateway({
  providers: [openai, anthropic],
  models: { smart: ['openai/gpt-5', 'anthropic/claude-opus-4-5'] },
  interceptors: [
    log({ logger, tags: ['team'] }), // or console, or pino()
    stats({ windowMs: 60_000, tags: ['team'] }),
    recommended(),
  ],
});
// #endregion setup

openai.reply('Good morning.').fail('quota_exhausted');
anthropic.reply('Good morning to you.');
for (const team of ['search', 'support']) await gateway.chat({ model: 'smart', messages: [{ role: 'user', content: 'Say hello.' }] }, { tags: { team } });

for (const line of lines) {
  const { message, ...fields } = JSON.parse(line) as { readonly message: string; readonly attempts: number; readonly tags: object };
  console.log(message.replace(/\d+ ms/, 'a moment'), JSON.stringify({ attempts: fields.attempts, tags: fields.tags }));
}

// #region stats
const { calls, targets, tags } = gateway.stats();
console.log(`${calls.total} calls, ${calls.failed} failed, ${calls.fallbacks} went to another target`);
console.log(targets['openai/gpt-5']?.errors); // { quota_exhausted: 1 }
console.log(tags['team']?.['search']?.total); // 1
console.log((calls.durationMs?.p99 ?? 0) < 1000 ? '99 % took less than a second' : 'some took long');
// #endregion stats

async function spend(): Promise<readonly LedgerTotal[]> {
  const figures = { calls: 2, errors: 0, hits: 0, savedUsd: 0, estimated: 0, estimatedUsd: 0, unpriced: 0 };
  return [
    { ...figures, group: { team: 'search' }, attempts: 2, inputTokens: 1200, outputTokens: 80, costUsd: 0.0021 },
    { ...figures, group: { team: 'support' }, attempts: 3, inputTokens: 900, outputTokens: 240, costUsd: 0.0144 },
  ];
}

// #region totals
console.log(formatTotals(await spend())); // of gateway.spend({ groupBy: ['team'] })
// #endregion totals

await gateway.close();
