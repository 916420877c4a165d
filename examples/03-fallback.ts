// What happens when a provider fails: retries, another target, and a report that says why.
import { createGateway, fallback, formatReport, isGatewayError, recommended, retry } from 'headgate';
import { mockProvider } from 'headgate/testing';

const openai = mockProvider({ name: 'openai' });
const anthropic = mockProvider({ name: 'anthropic' });

// #region setup
const gateway = createGateway({
  providers: [openai, anthropic],
  models: { smart: ['openai/gpt-5', 'anthropic/claude-opus-4-1'] },
  interceptors: recommended({ retry: { minDelayMs: 100 } }), // fallback, retry, throttle, circuit breaker, timeout
});
// #endregion setup
const messages = [{ role: 'user', content: 'Are you there?' }] as const;

openai.fail('server_error').fail('network');
anthropic.reply('Yes, I am.');
// #region report
const response = await gateway.chat({ model: 'smart', messages });
console.log(response.text);
if (response.gateway !== undefined) console.log(formatReport(response.gateway));
// #endregion report

openai.fail('quota_exhausted');
anthropic.fail('overloaded').fail('overloaded');
// #region exhausted
try {
  await gateway.chat({ model: 'smart', messages });
} catch (error) {
  if (!isGatewayError(error, 'exhausted')) throw error;
  console.log(error.message);
}
// #endregion exhausted

// #region health
for (const { target, errorRate, circuit } of gateway.health()) console.log(`${target.provider}: ${Math.round(errorRate * 100)} % errors, circuit ${circuit}`);
// #endregion health

// #region routes
const routed = createGateway({
  providers: [openai, anthropic],
  models: {
    fast: { targets: ['openai/gpt-5-mini', 'anthropic/claude-haiku-4-5'], strategy: 'power-of-two' },
    shared: { targets: [{ model: 'openai/gpt-5', weight: 9 }, { model: 'anthropic/claude-opus-4-1', weight: 1 }], strategy: 'weighted' },
    careful: { targets: ['openai/gpt-5'], onContextLength: ['anthropic/claude-sonnet-4-5'], onContentFilter: ['anthropic/claude-opus-4-1'] },
  },
  interceptors: [fallback({ onStreamInterrupted: 'continue' }), retry()],
});
// #endregion routes

await Promise.all([gateway.close(), routed.close()]);
