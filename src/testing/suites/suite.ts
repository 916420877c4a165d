/** One promise of a contract. A test runner needs two lines: `for (const { name, run } of suite) it(name, run);` */
export interface SuiteCase {
  /** A sentence that is true of whatever keeps the contract. */
  readonly name: string;
  /** Rejects with a ConformanceError when it is not. Cases share nothing and may run in any order, but not at once: some watch the process. */
  run(): Promise<void>;
}

/** What a case found: what the contract wants, and what came. */
export class ConformanceError extends Error {
  override readonly name = 'ConformanceError';
}

/** Fails the case unless `holds`. */
export function must(holds: boolean, wanted: string, found?: unknown): asserts holds {
  if (!holds) throw new ConformanceError(found === undefined ? wanted : `${wanted}; found ${show(found)}`);
}

/** Fails the case unless both have the same JSON: key order aside, and `undefined` like a missing field. */
export function mustEqual(found: unknown, wanted: unknown, about: string): void {
  const [left, right] = [canonical(found), canonical(wanted)];
  if (left !== right) throw new ConformanceError(`${about}: wanted ${show(wanted)}, found ${show(found)}`);
}

/** The rejection of `work`; fails the case when it resolves, or does neither in time. */
export async function rejectionOf(work: Promise<unknown>, wanted: string, withinMs = 2000): Promise<unknown> {
  const outcome = work.then((value) => ({ value }), (error: unknown) => ({ error }));
  if (!(await settlesWithin(outcome, withinMs))) throw new ConformanceError(`${wanted}; it had not settled after ${withinMs} ms`);
  const settled = await outcome;
  if ('error' in settled) return settled.error;
  throw new ConformanceError(`${wanted}; it resolved with ${show(settled.value)}`);
}

/** Whether `work` settles in time. */
export async function settlesWithin(work: Promise<unknown>, withinMs: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const clock = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, withinMs, false);
  });
  try {
    return await Promise.race([work.then(() => true, () => true), clock]);
  } finally {
    clearTimeout(timer);
  }
}

/** Resolves once `check` holds; fails the case when it does not in time. */
export async function eventually(check: () => boolean, wanted: string, withinMs = 1000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!check()) {
    if (performance.now() > end) throw new ConformanceError(`${wanted}, within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

function show(value: unknown): string {
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 500 ? `${text.slice(0, 500)}…` : text;
}

function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_key, inner: unknown) =>
      typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? Object.fromEntries(Object.entries(inner).sort(([left], [right]) => (left < right ? -1 : 1))) : inner,
    ) ?? 'undefined'
  );
}
