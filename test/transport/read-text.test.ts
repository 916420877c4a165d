import { describe, expect, it } from 'vitest';
import { readText } from '../../src/transport/read-text.js';
import { testAnswer, wholeAnswer } from './answers.js';

const limits = { maxBodyBytes: 10 };

describe('readText', () => {
  it('gives the same text however its bytes are cut', async () => {
    const bytes = new TextEncoder().encode('a✔😀ü');
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(await readText(wholeAnswer([bytes.subarray(0, cut), bytes.subarray(cut)]), limits, 'acme')).toBe('a✔😀ü');
    }
    expect(await readText(wholeAnswer(Array.from(bytes, (_byte, index) => bytes.subarray(index, index + 1))), limits, 'acme')).toBe('a✔😀ü');
  });

  it('reads bytes that are not UTF-8 as U+FFFD, and drops a byte order mark', async () => {
    expect(await readText(wholeAnswer([Uint8Array.of(0xef, 0xbb, 0xbf, 0x61, 0xff, 0x62, 0xe2, 0x9c)]), limits, 'acme')).toBe('a\ufffdb\ufffd');
  });

  it('gives an empty body as empty text', async () => {
    expect(await readText(wholeAnswer([]), limits, 'acme')).toBe('');
  });

  it('takes a body of exactly the cap', async () => {
    expect(await readText(wholeAnswer([new Uint8Array(10).fill(0x61)]), limits, 'acme')).toBe('aaaaaaaaaa');
  });

  it('closes the connection and fails at the first byte over the cap', async () => {
    const answer = testAnswer();
    const text = readText(answer, limits, 'acme');
    answer.send('123456', '78901');
    await expect(text).rejects.toMatchObject({ code: 'invalid_response', certainty: 'started', message: expect.stringContaining('maxBodyBytes') });
    expect(answer.calls).toEqual(['read', 'cancel']);
  });

  it('does not begin to read what says that it is over the cap', async () => {
    const answer = testAnswer({ 'content-length': '11' });
    await expect(readText(answer, limits, 'acme')).rejects.toMatchObject({ code: 'invalid_response' });
    expect(answer.calls).toEqual(['cancel']);
  });

  it('fails as the answer fails', async () => {
    const answer = testAnswer();
    const text = readText(answer, limits, 'acme');
    const reason = new Error('cut');
    answer.sink.fail(reason);
    await expect(text).rejects.toBe(reason);
  });
});
