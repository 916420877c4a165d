// One request, three vendors. Names of your own keep the choice of model out of the code that asks.
import { createGateway } from 'headgate';
import { anthropic } from 'headgate/providers/anthropic';
import { google } from 'headgate/providers/google';
import { openai } from 'headgate/providers/openai';
import { openaiCompatible } from 'headgate/providers/openai-compatible';
import { loopback } from './support/loopback.ts';

await using local = await loopback('From OpenAI.', 'From Anthropic.', 'From Google.', 'From Groq.');

// #region vendors
const gateway = createGateway({
  providers: [
    openai(local.openai),
    anthropic(local.anthropic),
    google(local.google),
    openaiCompatible({ preset: 'groq', ...local.openai }),
  ],
  models: {
    fast: 'groq/llama-3.3-70b-versatile',
    smart: ['openai/gpt-5', 'anthropic/claude-opus-4-1', 'google/gemini-2.5-pro'],
  },
});

for (const model of ['smart', 'anthropic/claude-opus-4-1', 'google/gemini-2.5-pro', 'fast']) {
  const response = await gateway.chat({ model, messages: [{ role: 'user', content: 'Who are you?' }] });
  console.log(`${model}: ${response.text} (${response.provider}, ${response.usage.outputTokens} tokens)`);
}
// #endregion vendors

await gateway.close();
