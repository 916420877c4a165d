import type { OpenArm } from '../arms.ts';
import { bodyOf, headersOf, type Question } from '../scenario.ts';

export const bareFetch: OpenArm = (url) => {
  const send = (question: Question, streaming: boolean) => fetch(`${url}/v1/chat/completions`, { method: 'POST', headers: headersOf(streaming), body: bodyOf(question, streaming) });
  return {
    async call(question) {
      const answer = await send(question, false);
      return (await answer.text()).length;
    },
    async stream(question, begun) {
      const { body } = await send(question, true);
      let bytes = 0;
      for await (const chunk of body ?? []) {
        bytes += chunk.length;
        begun?.();
      }
      return bytes;
    },
  };
};
