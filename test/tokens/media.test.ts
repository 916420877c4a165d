import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { imageSize } from '../../src/tokens/image-size.js';
import { audioTokens, fileTokens, imageTokens, vendorOf } from '../../src/tokens/media-tokens.js';

/** Zeros, with `parts` at their places. */
function bytes(length: number, parts: Readonly<Record<number, readonly number[] | string>>): Uint8Array {
  const made = new Uint8Array(length);
  for (const [at, part] of Object.entries(parts)) made.set(typeof part === 'string' ? new TextEncoder().encode(part) : part, Number(at));
  return made;
}

const two = (value: number): readonly number[] => [value >> 8, value & 255];
const png = (width: number, height: number): Uint8Array => bytes(33, { 0: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], 12: 'IHDR', 16: [0, 0, ...two(width), 0, 0, ...two(height)] });
const base64 = (data: Uint8Array): string => Buffer.from(data).toString('base64');

describe('the size of an image', () => {
  it.each<[string, Uint8Array]>([
    ['PNG', png(640, 480)],
    ['GIF', bytes(24, { 0: 'GIF89a', 6: [0x80, 2, 0xe0, 1] })],
    ['JPEG', bytes(64, { 0: [0xff, 0xd8, 0xff, 0xe0, 0, 16], 20: [0xff, 0xc4, 0, 6], 28: [0xff, 0xc2, 0, 17, 8, ...two(480), ...two(640)] })],
    ['JPEG with a long preamble', bytes(70_000, { 0: [0xff, 0xd8, 0xff, 0xe1, 0xff, 0xff], 65_539: [0xff, 0xc0, 0, 17, 8, ...two(480), ...two(640)] })],
    ['WebP, lossy', bytes(40, { 0: 'RIFF', 8: 'WEBPVP8 ', 26: [0x80, 2, 0xe0, 1] })],
    ['WebP, lossless', bytes(40, { 0: 'RIFF', 8: 'WEBPVP8L', 20: [0x2f, 0x7f, 0xc2, 0x77, 0] })],
    ['WebP, extended', bytes(40, { 0: 'RIFF', 8: 'WEBPVP8X', 24: [0x7f, 2, 0, 0xdf, 1, 0] })],
  ])('is read from the first bytes of a %s, given as bytes, base64 or a data URL', (_kind, data) => {
    for (const form of [data, base64(data), `data:image/x;base64,${base64(data)}`]) expect(imageSize(form)).toEqual({ width: 640, height: 480 });
  });

  it.each(['https://example.com/a.png', '', 'not base64 !!', 'iVBORw0KGgo=', base64(png(0, 0))])('is unknown, and no error, for %s', (data) => {
    expect(imageSize(data)).toBeUndefined();
  });

  it('is never an error, whatever the bytes', () => {
    const starts = [[0xff, 0xd8], [0x89, 0x50, 0x4e, 0x47], [...Buffer.from('RIFF1234WEBPVP8X')], [...Buffer.from('GIF8')], []];
    fc.assert(fc.property(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 200 }), (start, rest) => {
      const size = imageSize(Uint8Array.from([...start, ...rest]));
      return size === undefined || (size.width > 0 && size.height > 0);
    }));
  });
});

describe('the tokens of media', () => {
  const image = (width: number, height: number) => ({ type: 'image', data: png(width, height) }) as const;

  it('follow the vendor of the model', () => {
    expect(['openai/gpt-5', 'us.anthropic.claude-sonnet-4', 'gemini-2.5-pro', 'unknown'].map(vendorOf)).toEqual(['openai', 'anthropic', 'google', 'openai']);
  });

  it('are 85 and 170 for each tile with OpenAI, after fitting, as its documentation computes them', () => {
    expect(imageTokens(image(1024, 1024), 'openai').expected).toBe(765);
    expect(imageTokens(image(2048, 4096), 'openai').expected).toBe(1105);
    expect(imageTokens({ ...image(4096, 8192), detail: 'low' }, 'openai').expected).toBe(85);
  });

  it('are a 750th of the pixels with Claude, and no more than it lets an image have', () => {
    expect(imageTokens(image(200, 200), 'anthropic').expected).toBe(54);
    expect(imageTokens(image(1000, 1000), 'anthropic').expected).toBe(1334);
    expect(imageTokens(image(8000, 8000), 'anthropic')).toEqual({ expected: 1600, cautious: 4784 });
  });

  it('are 258 a tile with Gemini', () => {
    expect(imageTokens(image(384, 384), 'google').expected).toBe(258);
    expect(imageTokens(image(960, 540), 'google').expected).toBe(516);
  });

  it('are those of a usual size, and cautiously of a large one, where the image is behind a link', () => {
    const { expected, cautious } = imageTokens({ type: 'image', data: 'https://example.com/a.png' }, 'openai');
    expect(expected).toBe(765);
    expect(cautious).toBeGreaterThan(1000);
  });

  it('go with the length of a recording', () => {
    const second = { type: 'audio', data: new Uint8Array(16_000), mediaType: 'audio/mpeg' } as const;
    const minute = { ...second, data: new Uint8Array(60 * 16_000) };
    expect(audioTokens(second, 'google').expected).toBe(32);
    expect(audioTokens(minute, 'google').expected).toBe(1920);
    expect(audioTokens(minute, 'openai').expected).toBe(600);
  });

  it('of a text file are those of its text, in whichever form it came', () => {
    const text = 'The committee met on Thursday. '.repeat(20);
    const data = new TextEncoder().encode(text);
    const [asBytes, asBase64, long] = [data, base64(data), base64(new TextEncoder().encode(text.repeat(1000)))].map((form) => fileTokens({ type: 'file', data: form, mediaType: 'text/plain' }, 'openai').expected);
    expect(asBytes).toBeGreaterThan(100);
    expect(asBase64).toBe(asBytes);
    expect((long ?? 0) / (asBytes ?? 1)).toBeCloseTo(1000, -2);
  });

  it('of a PDF go with its size', () => {
    const pdf = (size: number) => fileTokens({ type: 'file', data: new Uint8Array(size), mediaType: 'application/pdf' }, 'anthropic').expected;
    expect(pdf(600_000)).toBe(10 * pdf(10));
  });
});
