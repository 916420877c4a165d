import type { WireAnswer } from '../transport/transport.js';
import type { Following } from './follow-signal.js';

/** The same answer, tied to its signal: cancelling it aborts the request, and its end lets go of the caller's signal. */
export function whileOpen(answer: WireAnswer, following: Following): WireAnswer {
  return {
    status: answer.status,
    headers: answer.headers,
    read(sink) {
      answer.read({
        chunk: (bytes) => sink.chunk(bytes),
        end() {
          following.stop();
          sink.end();
        },
        fail(error) {
          following.stop();
          sink.fail(error);
        },
      });
    },
    pause: () => answer.pause(),
    resume: () => answer.resume(),
    cancel() {
      answer.cancel();
      following.abort();
    },
  };
}
