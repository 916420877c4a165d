import { createOpenAI } from '@ai-sdk/openai';
import { generateText, streamText } from 'ai';
import type { OpenArm } from '../arms.ts';
import { API_KEY, MESSAGES } from '../scenario.ts';

export const aiSdk: OpenArm = (url) => {
  const openai = createOpenAI({ apiKey: API_KEY, baseURL: `${url}/v1` });
  const [system, ...messages] = MESSAGES;
  return {
    async call(model) {
      const answer = await generateText({ model: openai.chat(model), system: system.content, messages });
      return answer.text.length;
    },
    async stream(model, begun) {
      let text = '';
      for await (const chunk of streamText({ model: openai.chat(model), system: system.content, messages }).textStream) {
        text += chunk;
        begun?.();
      }
      return text.length;
    },
  };
};
