import type { Gateway } from 'headgate';
import type { Arm } from '../arms.ts';
import { MESSAGES } from '../scenario.ts';

export function throughGateway(gateway: Gateway): Arm {
  return {
    async call(question) {
      const answer = await gateway.chat({ model: `openai/${question}`, messages: MESSAGES });
      return answer.text.length;
    },
    async stream(question, begun) {
      let text = '';
      for await (const event of gateway.stream({ model: `openai/${question}`, messages: MESSAGES })) {
        if (event.type !== 'text-delta') continue;
        text += event.text;
        begun?.();
      }
      return text.length;
    },
  };
}
