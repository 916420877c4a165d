// The first call: one gateway, one question, and what the gateway did.
import { createGateway } from 'headgate';
import { openai } from 'headgate/providers/openai';
import { loopback } from './support/loopback.ts';

await using local = await loopback('Bern, since 1848.');
const account = local.openai;

// #region call
const gateway = createGateway({ providers: [openai(account)] }); // openai() alone reads OPENAI_API_KEY

const response = await gateway.chat({
  model: 'openai/gpt-5-mini',
  messages: [{ role: 'user', content: 'What is the capital of Switzerland?' }],
});

console.log(response.text);
console.log(response.usage); // { inputTokens: …, outputTokens: … }
console.log(response.gateway?.attempts); // who was asked, what came of it, how long it took
// #endregion call

await gateway.close();
