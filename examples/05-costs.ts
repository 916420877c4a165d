// What calls cost: per attempt, per call, per team, and as rows for a spreadsheet.
import { costMeter, createGateway, fallback, formatReport, isGatewayError, ledger, ledgerCsv, memoryLedger, retry } from 'headgate';
import { mockProvider } from 'headgate/testing';

const openai = mockProvider({ name: 'openai' });
const anthropic = mockProvider({ name: 'anthropic' });

// #region setup
const rows = memoryLedger();
const gateway = createGateway({
  providers: [openai, anthropic],
  models: { smart: ['openai/gpt-5', 'anthropic/claude-sonnet-4-5'] },
  interceptors: [ledger({ store: rows }), fallback(), retry({ minDelayMs: 10 }), costMeter()],
});
// #endregion setup
const messages = [{ role: 'user', content: 'What is in this contract?' }] as const;

// A prompt that was mostly in the provider's cache, after a failure that may have been billed.
openai.fail('network', { certainty: 'possibly_billed' }).reply({ text: 'A rent of 900.', usage: { inputTokens: 12_000, outputTokens: 400, cacheReadTokens: 11_000 } });
// #region call
const { gateway: report } = await gateway.chat({ model: 'smart', messages }, { tags: { team: 'legal' } });
if (report !== undefined) {
  console.log(report.cost); // { totalUsd, servedUsd, savedUsd }
  for (const { index, kind, outcome, usage, costUsd } of report.attempts) console.log(index, kind, outcome, costUsd, usage?.estimated === true ? 'estimated' : 'as reported');
  console.log(formatReport(report));
}
// #endregion call

anthropic.always({ text: 'Yes.', usage: { inputTokens: 300, outputTokens: 20 } });
for (let call = 0; call < 3; call++) await gateway.chat({ model: 'anthropic/claude-sonnet-4-5', messages }, { tags: { team: 'support' } });

// #region teams
for (const { group, calls, attempts, costUsd, estimatedUsd, unpriced } of await gateway.spend({ groupBy: ['team'] })) {
  console.log(`${group['team']}: ${calls} calls, ${attempts} attempts, ${costUsd.toFixed(6)} USD, ${estimatedUsd.toFixed(6)} of it estimated, ${unpriced} without a price`);
}
// #endregion teams

// #region csv
for await (const line of ledgerCsv(rows, {}, { tags: ['team'] })) process.stdout.write(line);
// #endregion csv

// #region prices
const own = createGateway({
  providers: [openai, anthropic],
  interceptors: [
    costMeter({
      prices: {
        'openai/gpt-5': { input: 1, output: 8, cacheRead: 0.1 }, // what we negotiated, USD per million tokens
        'anthropic/our-tuned-model': 'anthropic/claude-sonnet-4-5', // charged like that one
        'inhouse/*': { input: 0, output: 0, perRequestUsd: 0.0001 },
      },
      unknownPrice: 'reject',
    }),
  ],
});
// #endregion prices
// #region reject
try {
  await own.chat({ model: 'openai/a-model-nobody-knows', messages });
} catch (error) {
  if (!isGatewayError(error, 'unknown_price')) throw error;
  console.log(error.message);
}
// #endregion reject

await Promise.all([gateway.close(), own.close()]);
