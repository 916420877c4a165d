import { Agent, request } from 'node:http';
import type { OpenArm } from '../arms.ts';
import { bodyOf, headersOf, type Question } from '../scenario.ts';

export const bareNodeHttp: OpenArm = (url) => {
  const agent = new Agent({ keepAlive: true });
  const send = (question: Question, streaming: boolean, begun?: () => void) =>
    new Promise<number>((resolve, reject) => {
      const body = bodyOf(question, streaming);
      const headers = { ...headersOf(streaming), 'content-length': Buffer.byteLength(body) };
      const call = request(`${url}/v1/chat/completions`, { method: 'POST', agent, headers }, (answer) => {
        let bytes = 0;
        answer.on('data', (chunk: Uint8Array) => {
          bytes += chunk.length;
          begun?.();
        });
        answer.on('end', () => resolve(bytes));
        answer.on('error', reject);
      });
      call.on('error', reject);
      call.end(body);
    });
  return {
    call: (question) => send(question, false),
    stream: (question, begun) => send(question, true, begun),
  };
};
