// Structured output: a schema in, a validated and typed object out.
import { createGateway } from 'headgate';
import { openai } from 'headgate/providers/openai';
import { z } from 'zod';
import { loopback } from './support/loopback.ts';

await using local = await loopback({ object: { name: 'Bern', people: 134_000 } });
const gateway = createGateway({ providers: [openai(local.openai)] });

// #region typed
const city = z.object({ name: z.string(), people: z.number() });

const { object } = await gateway.chat({
  model: 'openai/gpt-5-mini',
  messages: [{ role: 'user', content: 'The capital of Switzerland, as data' }],
  output: city, // any Standard Schema: zod, valibot, arktype …
});

console.log(object.name, object.people.toLocaleString('en')); // typed; an answer that does not fit is an error
// #endregion typed

await gateway.close();
