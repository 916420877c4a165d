// Structured output: a schema in, a validated and typed object out.
import { createGateway } from 'headgate';
import { openai } from 'headgate/providers/openai';
import { z } from 'zod';
import { loopback } from './support/loopback.ts';

const bern = { object: { name: 'Bern', people: 134_000 } };
await using local = await loopback(bern, bern);
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

// #region growing
const stream = gateway.stream({ model: 'openai/gpt-5-mini', messages: [{ role: 'user', content: 'The same, as it comes' }], output: city });

for await (const partial of stream.objects()) console.log(JSON.stringify(partial));

const { object: checked } = await stream.response();
// #endregion growing
console.log(checked);

await gateway.close();
