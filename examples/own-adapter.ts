// A provider of your own is one object: a name, and `chat` or `stream`. The gateway makes the other from it.
import { createGateway, type AdapterEvent, type ProviderAdapter } from 'headgate';

// #region adapter
const echo: ProviderAdapter = {
  name: 'echo',
  async *stream(request, context): AsyncGenerator<AdapterEvent> {
    context.sent(); // it is on the wire: from here on it may be billed
    const last = request.messages.at(-1)?.content;
    const words = (typeof last === 'string' ? last : 'nothing').split(' ');
    yield { type: 'start', id: 'echo-1', model: context.model };
    for (const word of words) {
      context.signal.throwIfAborted();
      yield { type: 'text-delta', text: `${word} ` };
    }
    // Without `finish` the stream counts as cut. Leave `usage` out where there is none: the gateway counts roughly and says so.
    yield { type: 'finish', finishReason: 'stop' };
  },
};
// #endregion adapter

const gateway = createGateway({ providers: [echo], models: { parrot: 'echo/loud' } });
const response = await gateway.chat({ model: 'parrot', messages: [{ role: 'user', content: 'Polly wants a cracker' }] });
console.log(response.text, response.usage);

await gateway.close();
