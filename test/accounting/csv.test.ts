import { ConfigError, ledgerCsv, memoryLedger, type LedgerEntry } from 'headgate';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collect } from '../support/adapters.js';

const entry = (changes: Partial<LedgerEntry> = {}): LedgerEntry => ({
  id: 'call:1', callId: 'call', at: Date.UTC(2026, 0, 2), target: { provider: 'openai', model: 'gpt-5' }, attempt: 1, kind: 'first', outcome: 'ok', certainty: 'started',
  usage: { inputTokens: 10, outputTokens: 2 }, costUsd: 0.000_000_001, price: 'exact', cache: 'none', durationMs: 12.5, tags: { tenant: 'acme' }, ...changes,
});

async function csvOf(entries: readonly LedgerEntry[], tags?: readonly string[]): Promise<string> {
  const ledger = memoryLedger();
  await ledger.append(entries);
  return (await collect(ledgerCsv(ledger, {}, tags === undefined ? {} : { tags }))).join('');
}

/** RFC 4180, read by hand: the first line are the names. */
function parse(csv: string): readonly Readonly<Record<string, string>>[] {
  const rows: string[][] = [];
  for (const match of csv.matchAll(/(?:"(?<quoted>(?:[^"]|"")*)"|(?<plain>[^,"\r\n]*))(?<end>,|\r\n)/g)) {
    const { quoted, plain, end } = match.groups ?? {};
    if (rows.length === 0) rows.push([]);
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end === '\r\n') rows.push([]);
  }
  const [names = [], ...lines] = rows.slice(0, -1);
  return lines.map((line) => Object.fromEntries(names.map((name, at) => [name, line[at] ?? 'missing'])));
}

describe('ledgerCsv', () => {
  it('names its columns and has a line for each entry', async () => {
    const [row, ...more] = parse(await csvOf([entry()], ['tenant', 'team']));
    expect(more).toEqual([]);
    expect(row).toMatchObject({ id: 'call:1', at: '2026-01-02T00:00:00.000Z', provider: 'openai', model: 'gpt-5', outcome: 'ok', inputTokens: '10', tags: '{"tenant":"acme"}', 'tag:tenant': 'acme', 'tag:team': '' });
  });

  it('writes money in full, and leaves an unknown price empty', async () => {
    const cost = async (costUsd: number | null): Promise<string | undefined> => parse(await csvOf([entry({ costUsd })]))[0]?.['costUsd'];
    expect(await Promise.all([0.000_000_001, 1234.5, 100, 0, null].map(cost))).toEqual(['0.000000001', '1234.5', '100', '0', '']);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1', '=HYPERLINK("http://x","y")'])('lets no spreadsheet run %j', async (formula) => {
    const [row] = parse(await csvOf([entry({ tags: { tenant: formula }, target: { provider: 'openai', model: formula } })], ['tenant']));
    expect(row?.['tag:tenant']).toBe(`'${formula}`);
    expect(row?.['model']).toBe(`'${formula}`);
  });

  it('guards the names of columns too', async () => {
    expect(await csvOf([], ['x,"y"\r\n=1'])).toContain('"tag:x,""y""\r\n=1"');
  });

  it('gives back any text to a reader of RFC 4180, apart from the guard', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ';', "'", '=', 'é', '👋') }), async (text) => {
        const [row] = parse(await csvOf([entry({ tags: { tenant: text } })], ['tenant']));
        expect(row?.['tag:tenant']).toBe(/^[=\r\n]/.test(text) ? `'${text}` : text);
      }),
    );
  });

  it('reads no more than it is asked for', async () => {
    let read = 0;
    const ledger = { ...memoryLedger(), async *entries() { for (;;) yield entry({ id: `call:${++read}` }); } };
    let lines = 0;
    for await (const line of ledgerCsv(ledger)) if (line !== '' && ++lines === 4) break;
    expect(read).toBe(3);
  });

  it('refuses tags that are no list of names', async () => {
    await expect(collect(ledgerCsv(memoryLedger(), {}, { tags: 'tenant' as unknown as string[] }))).rejects.toThrow(ConfigError);
  });
});
