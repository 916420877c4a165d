// How many tokens something is: an estimate for any model, at once; the count itself for models of OpenAI.
import { estimateTokens } from 'headgate';
import { createTokenCounter } from 'headgate/tokens/tiktoken';

const messages = [
  { role: 'system', content: 'Answer in one sentence.' },
  { role: 'user', content: 'Why is the sky blue, and why are sunsets red?' },
] as const;

// #region estimate
const { expected, cautious } = estimateTokens({ messages }, 'anthropic/claude-sonnet-4-5'); // no vocabulary, any model
// #endregion estimate
console.log(`expected ${expected}, to reserve ${cautious}`);

// #region exact
const counter = await createTokenCounter({ model: 'openai/gpt-5-mini' }); // loads the vocabulary, once
console.log(counter.count('How many tokens is this?')); // a text
console.log(counter.countRequest({ messages })); // with what goes around each message
// #endregion exact
