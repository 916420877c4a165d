import { tooLargeError } from './failures.js';
import type { BodyLimits, WireAnswer } from './transport.js';

/** The whole body as text; bytes that are not UTF-8 become U+FFFD. Over the cap: the socket is closed and the promise rejects with ProviderError('invalid_response'). */
export function readText(answer: WireAnswer, { maxBodyBytes }: Pick<BodyLimits, 'maxBodyBytes'>, provider: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const decoder = new TextDecoder();
    let size = 0;
    let text = '';

    function refuse(): void {
      answer.cancel();
      reject(tooLargeError(provider, 'an answer', maxBodyBytes, 'maxBodyBytes'));
    }

    if (Number(answer.headers['content-length']) > maxBodyBytes) {
      refuse();
      return;
    }
    answer.read({
      chunk(bytes) {
        size += bytes.length;
        if (size > maxBodyBytes) refuse();
        else text += decoder.decode(bytes, { stream: true });
      },
      end: () => resolve(text + decoder.decode()),
      fail: reject,
    });
  });
}
