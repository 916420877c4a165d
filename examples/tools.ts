// Tools: the model asks, your code answers, the model goes on. The same messages work at every vendor.
import { createGateway, type Message, type ToolDefinition } from 'headgate';
import { google } from 'headgate/providers/google';
import { loopback } from './support/loopback.ts';

await using local = await loopback({ toolCalls: [{ name: 'weather', input: { city: 'Bern' } }] }, 'Take an umbrella: it rains in Bern.');
const gateway = createGateway({ providers: [google(local.google)] });

// #region loop
const weather: ToolDefinition = {
  name: 'weather',
  description: 'The weather in a city, now',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};
const messages: Message[] = [{ role: 'user', content: 'Do I need an umbrella in Bern?' }];

for (;;) {
  const response = await gateway.chat({ model: 'google/gemini-2.5-flash', messages, tools: [weather] });
  messages.push({ role: 'assistant', content: response.content }); // whole, so that signatures and ids find their way back
  if (response.toolCalls.length === 0) {
    console.log(response.text);
    break;
  }
  for (const call of response.toolCalls) {
    console.log(`${call.name}(${JSON.stringify(call.input)})`);
    messages.push({ role: 'tool', toolCallId: call.id, content: 'rain, 12 °C' });
  }
}
// #endregion loop

await gateway.close();
