import type { ByteSink, WireAnswer } from '../../src/transport/transport.js';

/** An answer whose body the test writes, with a record of what its reader asked for. */
export interface TestAnswer extends WireAnswer {
  readonly calls: readonly string[];
  readonly sink: ByteSink;
  send(...chunks: readonly (string | Uint8Array)[]): void;
}

export function testAnswer(headers: WireAnswer['headers'] = {}): TestAnswer {
  const calls: string[] = [];
  const encoder = new TextEncoder();
  let sink: ByteSink | undefined;
  const answer: TestAnswer = {
    status: 200,
    headers,
    calls,
    get sink() {
      if (sink === undefined) throw new Error('nobody reads this answer yet');
      return sink;
    },
    send(...chunks) {
      for (const chunk of chunks) answer.sink.chunk(typeof chunk === 'string' ? encoder.encode(chunk) : chunk);
    },
    read(into) {
      calls.push('read');
      sink = into;
    },
    pause: () => void calls.push('pause'),
    resume: () => void calls.push('resume'),
    cancel: () => void calls.push('cancel'),
  };
  return answer;
}

/** An answer that is there whole, in these chunks. */
export function wholeAnswer(chunks: Iterable<Uint8Array>): WireAnswer {
  return {
    status: 200,
    headers: {},
    read(sink) {
      for (const chunk of chunks) sink.chunk(chunk);
      sink.end();
    },
    pause() {},
    resume() {},
    cancel() {},
  };
}
