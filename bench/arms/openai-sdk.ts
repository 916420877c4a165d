import OpenAI from 'openai';
import type { OpenArm } from '../arms.ts';
import { API_KEY, MESSAGES } from '../scenario.ts';

export const openaiChat: OpenArm = (url) => {
  const client = new OpenAI({ apiKey: API_KEY, baseURL: `${url}/v1` });
  return {
    async call(model) {
      const answer = await client.chat.completions.create({ model, messages: [...MESSAGES] });
      return answer.choices[0]?.message.content?.length ?? 0;
    },
    async stream(model, begun) {
      let text = '';
      for await (const chunk of await client.chat.completions.create({ model, messages: [...MESSAGES], stream: true, stream_options: { include_usage: true } })) {
        text += chunk.choices[0]?.delta.content ?? '';
        if (text !== '') begun?.();
      }
      return text.length;
    },
  };
};

export const openaiResponses: OpenArm = (url) => {
  const client = new OpenAI({ apiKey: API_KEY, baseURL: `${url}/v1` });
  return {
    async call(model) {
      const answer = await client.responses.create({ model, input: [...MESSAGES] });
      return answer.output_text.length;
    },
    async stream(model, begun) {
      let text = '';
      for await (const event of await client.responses.create({ model, input: [...MESSAGES], stream: true })) {
        if (event.type !== 'response.output_text.delta') continue;
        text += event.delta;
        begun?.();
      }
      return text.length;
    },
  };
};
