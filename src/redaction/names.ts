/** How long what stands between the brackets of a placeholder may be. */
export const MAX_INNER = 36;

/** `EMAIL_1`, for what is written as `[EMAIL_1]`. */
export function placeholderName(kind: string, number: number): string {
  return `${kind.toUpperCase().replaceAll('-', '_')}_${number}`;
}

export function written(name: string): string {
  return `[${name}]`;
}

/** The name, as models may write it: `email_1`, ` EMAIL 1 `, `EMAIL\_1\`. */
export function nameFrom(inner: string): string {
  return inner.replaceAll('\\', '').trim().replace(/[\s_-]+/g, '_').toUpperCase();
}

/** Every name that a placeholder in `text` would have, real or not. */
export function namesIn(text: string): readonly string[] {
  if (!text.includes('[')) return [];
  return [...text.matchAll(WRITTEN)].map((match) => nameFrom(match[1] ?? ''));
}

const WRITTEN = /\[([A-Za-z0-9_ \-\\]{1,36})\]/g;
