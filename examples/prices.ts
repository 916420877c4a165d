// What tokens cost, without a gateway: where a price comes from, prices of your own, tiers, and the date of it all.
import { costOf, loadPrices, priceCatalogueDate, priceOf, refreshPrices, type PriceTable } from 'headgate';

// #region cost
await loadPrices(); // once per process; a gateway does it itself

const cost = costOf({ inputTokens: 12_000, cacheReadTokens: 10_000, outputTokens: 800, reasoningTokens: 500 }, { provider: 'openai', model: 'gpt-5' });
console.log(cost.usd, cost.status, cost.parts);
// 0.01175 exact { input: 2500000, cacheRead: 1250000, output: 3000000, reasoning: 5000000 }
// #endregion cost

// #region own
const prices: PriceTable = {
  // What your contract says, USD per million tokens.
  'openai/gpt-5': { input: 1, output: 8, cacheRead: 0.1 },
  // A second account with OpenAI, and a deployment with a name of its own: charged like what they are.
  'openai-eu/*': 'openai/*',
  'azure/support-bot': 'openai/gpt-5-mini',
  // Servers of your own cost what you say, or nothing.
  'vllm/*': { input: 0, output: 0 },
  // Everything there is to say.
  'acme/large': {
    input: 2,
    output: 8,
    cacheRead: 0.2,
    cacheWrite: 2.5,
    perRequestUsd: 0.001,
    tiers: [{ aboveInputTokens: 200_000, input: 4, output: 12 }],
    serviceTiers: { batch: 0.5, turbo: { output: 20 } },
  },
};
// #endregion own

for (const target of [{ provider: 'openai-eu', model: 'gpt-5' }, { provider: 'vllm', model: 'llama-3.3' }, { provider: 'acme', model: 'large' }]) {
  const { usd, status } = costOf({ inputTokens: 300_000, outputTokens: 1000 }, target, { prices });
  console.log(`${target.provider}/${target.model}: ${usd} USD (${status})`);
}

// #region facts
const usage = { inputTokens: 10_000, outputTokens: 1000 };
const target = { provider: 'openai', model: 'gpt-4o' };
costOf(usage, target, { model: 'gpt-4o-2024-05-13' }); // the snapshot that answered: 0.065 instead of 0.035
costOf(usage, target, { serviceTier: 'batch' }); // as the provider reports it: 0.0175
costOf(usage, { provider: 'openai', model: 'o3' }, { at: Date.parse('2025-06-01') }); // the price of that day: 0.14 instead of 0.028
costOf(usage, target, { reportedUsd: 0.04 }); // what the provider says it charged
// #endregion facts

// #region where
console.log(priceOf({ provider: 'openai', model: 'gpt-5-2025-08-07' }).source); // catalogue: openai/gpt-5
console.log(priceOf({ provider: 'ollama', model: 'llama3' }).status); // unknown
console.log(priceCatalogueDate()); // { date: '2026-09-23', source: 'package' }
// #endregion where

// #region refresh
async function refreshDaily(): Promise<void> {
  const { date } = await refreshPrices(); // throws, and changes nothing, when it cannot be done
  console.log(`prices of ${date}`);
}
// #endregion refresh
console.log(`${refreshDaily.name} is for a timer of yours`);
