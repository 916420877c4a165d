// C0 and C1 controls, which hold the line breaks and the start of every terminal sequence, and the two separators that some readers break lines at.
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g; // oxlint-disable-line no-control-regex

/**
 * Text of somebody else's as part of one line: no control characters, no half characters, `maxLength` characters at most.
 * Names of models and tags may come from a request, and end in logs that people read in a terminal.
 */
export function plainText(text: string, maxLength = 200): string {
  return shortened(text, maxLength).replace(CONTROL, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The first `maxLength` characters, whole ones. */
export function shortened(text: string, maxLength: number): string {
  return (text.length > maxLength ? `${text.slice(0, Math.max(0, maxLength - 1))}…` : text).toWellFormed();
}
