import { createParser } from 'eventsource-parser';
import { Client } from 'undici';
import type { OpenArm } from '../arms.ts';
import { bodyOf, headersOf, type Question } from '../scenario.ts';

interface Piece {
  readonly choices: readonly { readonly message?: { readonly content: string }; readonly delta?: { readonly content?: string } }[];
}

/** What Headgate stands on, with nothing between: one undici Client per exchange under way, used again; no signal, no limits, no errors of its own. */
export const parsed: OpenArm = (url) => {
  const idle: Client[] = [];

  async function exchange(question: Question, streaming: boolean, read: (text: string) => void): Promise<void> {
    const client = idle.pop() ?? new Client(url, { allowH2: false });
    const decoder = new TextDecoder();
    await new Promise<void>((resolve, reject) => {
      client.dispatch(
        { path: '/v1/chat/completions', method: 'POST', headers: headersOf(streaming), body: bodyOf(question, streaming) },
        {
          onRequestStart() {},
          onResponseStart() {},
          onResponseData: (_, bytes) => read(decoder.decode(bytes, { stream: true })),
          onResponseEnd: () => resolve(),
          onResponseError: (_, error) => reject(error),
        },
      );
    });
    idle.push(client);
  }

  return {
    async call(question) {
      let json = '';
      await exchange(question, false, (text) => (json += text));
      return contentOf(json, 'message').length;
    },
    async stream(question, begun) {
      let read = '';
      const parser = createParser({
        onEvent({ data }) {
          if (data === '[DONE]') return;
          read += contentOf(data, 'delta');
          if (read !== '') begun?.();
        },
      });
      await exchange(question, true, (text) => parser.feed(text));
      return read.length;
    },
  };
};

function contentOf(json: string, field: 'message' | 'delta'): string {
  const piece = JSON.parse(json) as Piece; // the server is ours
  return piece.choices[0]?.[field]?.content ?? '';
}
