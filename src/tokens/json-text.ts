/** A value as JSON; empty for what JSON has no word for, and for what cannot be written (a circle, a BigInt): an estimate is no place to fail. */
export function jsonText(value: unknown): string {
  try {
    const json: string | undefined = JSON.stringify(value);
    return json ?? '';
  } catch {
    return ''; // the adapter, which has to send it, will say what is wrong with it
  }
}
