// You have a client already, with its proxy, its Azure set-up, its key: keep it, and send its calls through the gateway.
import { createGateway } from 'headgate';
import { openai } from 'headgate/providers/openai';
import OpenAI from 'openai';
import { loopback } from './support/loopback.ts';

await using local = await loopback('Before.', 'After.');

// #region before
const client = new OpenAI({ apiKey: local.openai.apiKey, baseURL: local.openai.baseUrl });

const before = await client.chat.completions.create({
  model: 'gpt-5-mini',
  messages: [{ role: 'user', content: 'Hello' }],
});
console.log(before.choices[0]?.message.content);
// #endregion before

// #region after
const gateway = createGateway({ providers: [openai({ client, api: 'chat' })] });

const after = await gateway.chat({
  model: 'openai/gpt-5-mini',
  messages: [{ role: 'user', content: 'Hello' }],
});
console.log(after.text);
// #endregion after

await gateway.close();
