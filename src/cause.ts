/** What is kept of a caught error: enough to recognise it, nothing it may have quoted. */
export interface ReducedCause {
  readonly name: string;
  readonly code?: string;
}

// Class names and codes are identifiers. Anything else in their place may be content.
const IDENTIFIER = /^[A-Za-z_$][\w$.-]{0,63}$/;

/** Class name of the error itself and the first code in its cause chain (fetch hides the socket's code two levels down). */
export function reduceCause(cause: unknown): ReducedCause | undefined {
  if (cause === undefined || cause === null) return undefined;
  const name = identifier(field(cause, 'name')) ?? 'Error';
  let inner: unknown = cause;
  for (let depth = 0; depth < 5 && typeof inner === 'object' && inner !== null; depth++) {
    const code = identifier(field(inner, 'code'));
    if (code !== undefined) return { name, code };
    inner = field(inner, 'cause');
  }
  return { name };
}

/** A property of something unknown that may be hostile: a getter that throws reads as undefined. */
function field(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  try {
    return (value as Record<string, unknown>)[key];
  } catch {
    return undefined; // a throwing getter has nothing to tell us
  }
}

function identifier(value: unknown): string | undefined {
  return typeof value === 'string' && IDENTIFIER.test(value) ? value : undefined;
}
