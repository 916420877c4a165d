/** Text in, text out, whole or piece by piece, with the same result for every way of cutting it. Holds back only what may still change. */
export interface TextStream {
  push(text: string): string;
  /** What was held back. Afterwards the stream is ready for another text. */
  end(): string;
}

/** Everything at once. */
export function rewriteText(stream: TextStream, text: string): string {
  const begun = stream.push(text);
  const rest = stream.end();
  return rest === '' ? begun : begun + rest;
}

/** Where a piece may be cut without halving a character: before a high surrogate that ends it. */
export function wholeLength(text: string): number {
  return endsInHalf(text, text.length) ? text.length - 1 : text.length;
}

function endsInHalf(text: string, end: number): boolean {
  if (end === 0) return false;
  const code = text.charCodeAt(end - 1);
  return code >= 0xd800 && code < 0xdc00;
}

/** `at`, or one less when that is in the middle of a character. */
export function onCharacter(text: string, at: number): number {
  if (at <= 0 || at >= text.length) return at;
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code < 0xe000 && endsInHalf(text, at) ? at - 1 : at;
}
