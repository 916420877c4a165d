import { Agent, request } from 'undici';
import type { OpenArm } from '../arms.ts';
import { bodyOf, headersOf, type Question } from '../scenario.ts';

export const bareUndici: OpenArm = (url) => {
  const dispatcher = new Agent({ allowH2: false });
  const send = (question: Question, streaming: boolean) => request(`${url}/v1/chat/completions`, { method: 'POST', headers: headersOf(streaming), body: bodyOf(question, streaming), dispatcher });
  return {
    async call(question) {
      const { body } = await send(question, false);
      return (await body.text()).length;
    },
    async stream(question, begun) {
      const { body } = await send(question, true);
      let bytes = 0;
      for await (const chunk of body as AsyncIterable<Uint8Array>) {
        bytes += chunk.length;
        begun?.();
      }
      return bytes;
    },
  };
};
