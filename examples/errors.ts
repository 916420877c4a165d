// Errors: five classes to catch, one code to switch on, and nothing in them that you could not log.
import { createGateway, isGatewayError } from 'headgate';
import { openai } from 'headgate/providers/openai';
import { loopback } from './support/loopback.ts';

await using local = await loopback({ error: 'provider_rate_limit', retryAfterMs: 2000, message: 'Slow down, sk-secret!' });
const gateway = createGateway({ providers: [openai(local.openai)] });

// #region catch
try {
  await gateway.chat({ model: 'openai/gpt-5-mini', messages: [{ role: 'user', content: 'Hello' }] });
} catch (error) {
  if (!isGatewayError(error)) throw error;
  switch (error.code) {
    case 'provider_rate_limit':
      console.log(error.message); // what happened and what to do; never the prompt, a key or the provider's own words
      console.log(error.retryAfterMs, error.retryable);
      console.log(error.report?.attempts.map(({ outcome, certainty }) => `${outcome} (${certainty})`));
      break;
    default:
      throw error;
  }
}
// #endregion catch

await gateway.close();
