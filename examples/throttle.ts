// Staying within what providers take: quota learned from their answers, keys that rest, and a cap on calls under way.
import { concurrency, createGateway, fallback, isGatewayError, throttle } from 'headgate';
import { mockProvider } from 'headgate/testing';

const openai = mockProvider({ name: 'openai', credentials: ['main', 'spare'] });
const anthropic = mockProvider({ name: 'anthropic' });

// #region throttle
const gateway = createGateway({
  providers: [openai, anthropic],
  models: { smart: ['openai/gpt-5', 'anthropic/claude-opus-4-5'] },
  interceptors: [fallback(), throttle({ maxWaitMs: 100 })],
});
// #endregion throttle

// With its answer each key says that this was the last request for now. So the next call goes elsewhere, without a 429.
const lastOne = { 'x-ratelimit-limit-requests': '60', 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '1m0s' };
openai.always(({ credential }) => ({ text: `OpenAI, with the ${credential} key`, headers: lastOne }));
anthropic.always('Anthropic');
for (let call = 0; call < 3; call++) {
  const { text } = await gateway.chat({ model: 'smart', messages: [{ role: 'user', content: 'Who are you?' }] });
  console.log(text);
}
await gateway.close();

// #region limits
const limited = throttle({
  limits: {
    openai: { requestsPerMinute: 500, tokensPerMinute: 200_000 }, // each key, each model
    'openai/gpt-5-pro': { requestsPerMinute: 10 },
  },
});
// #endregion limits
console.log(`${limited.name} stands in stage ${limited.stage}`);

// #region concurrency
const busy = createGateway({
  providers: [anthropic],
  interceptors: [concurrency({ maxConcurrent: 20, maxQueued: 6, limits: { 'anthropic/claude-opus-4-5': 1 } })],
});
// #endregion concurrency

anthropic.reset();
anthropic.always({ text: 'Done.', delayMs: 10 });

// #region priorities
async function ask(tenant: string, priority: number): Promise<void> {
  const messages = [{ role: 'user', content: 'Please.' }] as const;
  await busy.chat({ model: 'anthropic/claude-opus-4-5', messages }, { priority, tags: { tenant } });
  console.log(`${tenant}, priority ${priority}`);
}
// #endregion priorities

async function askOrSay(tenant: string, priority: number): Promise<void> {
  // #region refused
  try {
    await ask(tenant, priority);
  } catch (error) {
    if (!isGatewayError(error, 'concurrency_exceeded')) throw error;
    console.log(`${tenant}, priority ${priority}: no place${error.retryAfterMs === undefined ? '' : ` for ${error.retryAfterMs} ms`}`);
  }
  // #endregion refused
}

await Promise.all([askOrSay('acme', 0), askOrSay('acme', 0), askOrSay('acme', 0), askOrSay('acme', 0), askOrSay('initech', 0), askOrSay('acme', -1), askOrSay('acme', 5), askOrSay('hooli', 0)]);
await busy.close();
