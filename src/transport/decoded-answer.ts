import type { Transform } from 'node:stream';
import { ProviderError } from '../errors.js';
import { toProviderError } from './failures.js';
import type { WireAnswer, WireRequest } from './transport.js';

/** Undoes a compression nobody asked for: some proxies apply one all the same, to errors most of all, whose status and words must not be lost to it. */
export async function decodedAnswer(answer: WireAnswer, encoding: string, { provider }: Pick<WireRequest, 'provider'>): Promise<WireAnswer> {
  const name = encoding.trim().toLowerCase();
  if (name === 'identity' || name === '') return answer;
  const decoder = await decoderOf(name);
  if (decoder === undefined) {
    answer.cancel();
    throw new ProviderError('invalid_response', `${provider} compressed its answer in a way that was not asked for and is not known here; check what stands in between`, {
      certainty: 'started',
      facts: { status: answer.status, headers: {} },
    });
  }
  return {
    status: answer.status,
    headers: answer.headers,
    read(sink) {
      decoder.on('data', (bytes: Uint8Array) => sink.chunk(bytes));
      decoder.on('end', () => sink.end());
      decoder.on('drain', () => answer.resume());
      decoder.on('error', (error) => {
        answer.cancel();
        sink.fail(toProviderError(error, { provider, phase: 'body', sent: true }));
      });
      answer.read({
        chunk(bytes) {
          if (!decoder.write(bytes)) answer.pause();
        },
        end: () => decoder.end(),
        fail(error) {
          decoder.destroy();
          sink.fail(error);
        },
      });
    },
    pause: () => void decoder.pause(),
    resume: () => void decoder.resume(),
    cancel() {
      answer.cancel();
      decoder.destroy();
    },
  };
}

async function decoderOf(encoding: string): Promise<Transform | undefined> {
  const zlib = await import('node:zlib');
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip();
    case 'deflate':
      return zlib.createInflate();
    case 'br':
      return zlib.createBrotliDecompress();
    case 'zstd':
      return zlib.createZstdDecompress();
    default:
      return undefined;
  }
}
