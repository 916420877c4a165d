// A target that fails is left alone for a while, and asked again with a few calls at a time.
import { setTimeout as sleep } from 'node:timers/promises';
import { circuitBreaker, createGateway, isGatewayError } from 'headgate';
import { mockProvider } from 'headgate/testing';

const mock = mockProvider({ name: 'openai' });

// #region smallest
const gateway = createGateway({ providers: [mock], interceptors: [circuitBreaker()] });
// #endregion smallest
await gateway.close();

// #region options
const strict = circuitBreaker({
  minOutcomes: 4,
  openMs: 50,
  slow: { timeToFirstContentMs: 8000, tokensPerSecond: 5 }, // a good answer that took this long is a failure too
});
// #endregion options

const watched = createGateway({
  providers: [mock],
  interceptors: [strict],
  onDecision(decision) {
    if (decision.what === 'circuit') console.log(`the circuit of ${decision.target} is ${decision.state}`);
  },
});

async function ask(): Promise<string> {
  // #region refused
  try {
    const { text } = await watched.chat({ model: 'openai/gpt-5-mini', messages: [{ role: 'user', content: 'Are you there?' }] });
    return text;
  } catch (error) {
    if (isGatewayError(error, 'circuit_open')) return `not asked; again in ${(error.retryAfterMs ?? 0) <= 50 ? 'a moment' : 'a while'}`;
    throw error;
  }
  // #endregion refused
}

mock.fail('server_error').fail('server_error').fail('server_error').fail('server_error');
for (let call = 0; call < 4; call++) await ask().catch((error: Error) => console.log(error.message));
console.log(await ask());

await sleep(60);
mock.always('Yes.');
for (let call = 0; call < 3; call++) console.log(await ask());

await watched.close();
