import type { OutboundDialect } from '../dialects/dialect.js';
import type { ProviderError } from '../errors.js';
import type { WireAnswer } from '../transport/transport.js';

/** What is read of an error's body, in bytes: every provider's fit in 4 KiB, and nobody waits for a page of a proxy. */
const MAX_ERROR_BYTES = 64 * 1024;

/** Reads an answer that is an error, as far as the cap, and lets the dialect say what it means. */
export async function failedAnswer(answer: WireAnswer, dialect: OutboundDialect, provider: string): Promise<ProviderError> {
  const text = await readStart(answer, MAX_ERROR_BYTES);
  return dialect.fromError({ provider, status: answer.status, headers: answer.headers, body: parsed(text) });
}

/** A body that breaks off counts as what came of it: the status alone already says most. */
function readStart(answer: WireAnswer, maxBytes: number): Promise<string> {
  return new Promise((resolve) => {
    const decoder = new TextDecoder();
    let text = '';
    let size = 0;
    const done = (): void => resolve(text + decoder.decode());
    answer.read({
      chunk(bytes) {
        if (size >= maxBytes) return;
        const kept = bytes.subarray(0, maxBytes - size);
        size += kept.length;
        text += decoder.decode(kept, { stream: true });
        if (size < maxBytes) return;
        answer.cancel();
        done();
      },
      end: done,
      fail: done,
    });
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text; // an HTML page, or JSON that was cut: the dialect goes by the status then
  }
}
