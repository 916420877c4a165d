import { ConfigError, type Ledger, type LedgerEntry } from 'headgate';
import { sqliteLedger, type SqliteLedgerOptions } from 'headgate/stores/sqlite';
import { ledgerSuite } from 'headgate/testing';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { collect, failure } from '../support/adapters.js';

const folder = mkdtempSync(path.join(tmpdir(), 'headgate-ledger-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const newFile = (): string => path.join(folder, `${++files}.db`);

const opened: Ledger[] = [];
function open(file: string, options: Partial<SqliteLedgerOptions> = {}): Ledger {
  const ledger = sqliteLedger({ path: file, ...options });
  opened.push(ledger);
  return ledger;
}
afterEach(async () => {
  for (const ledger of opened.splice(0)) await ledger.close?.();
});

const entry = (id: string, changes: Partial<LedgerEntry> = {}): LedgerEntry => ({
  id: `${id}:1`, callId: id, at: 1_700_000_000_000, target: { provider: 'p', model: 'm' }, attempt: 1, kind: 'first', outcome: 'ok', certainty: 'started', usage: { inputTokens: 1, outputTokens: 1 }, costUsd: 0.000_000_001, cache: 'none', durationMs: 1, tags: { tenant: 'acme' }, ...changes,
});

/** What another program finds in the file. */
function sql<T>(file: string, query: string): T {
  const database = new DatabaseSync(file);
  try {
    return database.prepare(query).all() as T;
  } finally {
    database.close();
  }
}

describe('conformance, in memory', () => {
  for (const { name, run } of ledgerSuite({ create: () => sqliteLedger({ path: ':memory:' }) })) it(name, run);
});

describe('conformance, in one file for all', () => {
  const shared = newFile();
  for (const { name, run } of ledgerSuite({ create: () => sqliteLedger({ path: shared, durability: 'process' }) })) it(name, run);
});

describe('sqliteLedger', () => {
  it('finds what it wrote when the file is opened again', async () => {
    const file = newFile();
    await open(file).append([entry('a')]);
    await opened[0]?.close?.();
    expect(await collect(open(file).entries({}))).toEqual([entry('a')]);
  });

  it('leaves one file behind when it is closed, and nothing to recover', async () => {
    const file = newFile();
    const ledger = open(file);
    await ledger.append([entry('a')]);
    expect(existsSync(`${file}-wal`)).toBe(true);
    await ledger.close?.();
    await ledger.close?.();
    expect(existsSync(`${file}-wal`)).toBe(false);
  });

  it('shares a file: every process sees what another has appended, and an entry counts once', async () => {
    const file = newFile();
    const [one, other] = [open(file), open(file)];
    await Promise.all(Array.from({ length: 40 }, (_, at) => (at % 2 === 0 ? one : other).append([entry(`call-${Math.floor(at / 2)}`)])));
    for (const ledger of [one, other]) expect(await ledger.totals({})).toMatchObject([{ calls: 20, attempts: 20 }]);
  });

  it('keeps tags whole that another process has pruned meanwhile', async () => {
    const file = newFile();
    const [one, other] = [open(file), open(file)];
    await one.append([entry('a')]);
    await other.prune(2e12);
    await one.append([entry('b')]);
    expect(await other.totals({ groupBy: ['tenant'] })).toMatchObject([{ group: { tenant: 'acme' }, calls: 1 }]);
  });

  it('keeps equal tags once, and forgets those of pruned entries', async () => {
    const file = newFile();
    const ledger = open(file);
    await ledger.append(Array.from({ length: 50 }, (_, at) => entry(`${at}`, { at: at * 1000, tags: { tenant: at < 25 ? 'old' : 'new', team: 'x' } })));
    expect(sql(file, 'SELECT count(*) AS sets FROM tag_set')).toMatchObject([{ sets: 2 }]);
    expect(await ledger.prune(25_000)).toBe(25);
    expect(sql(file, 'SELECT name, value FROM tag ORDER BY name')).toMatchObject([{ name: 'team', value: 'x' }, { name: 'tenant', value: 'new' }]);
  });

  it('prunes more than it removes at once', async () => {
    const ledger = open(newFile());
    for (let from = 0; from < 4500; from += 500) await ledger.append(Array.from({ length: 500 }, (_, at) => entry(`${from + at}`, { at: from + at })));
    expect(await ledger.prune(4100)).toBe(4100);
    expect(await ledger.totals({})).toMatchObject([{ calls: 400 }]);
  });

  it('stores money as whole nano-USD, for programs that add in SQL', async () => {
    const file = newFile();
    await open(file).append([entry('a', { costUsd: 0.123_456_789 })]);
    expect(sql(file, 'SELECT cost_nano_usd AS cost, typeof(cost_nano_usd) AS kind FROM entry')).toMatchObject([{ cost: 123_456_789, kind: 'integer' }]);
  });

  it.each([['power', 2], ['process', 1]] as const)("with durability '%s' sets SQLite's synchronous to %d", async (durability, synchronous) => {
    const exec = vi.spyOn(DatabaseSync.prototype, 'exec');
    open(newFile(), { durability });
    const settings = exec.mock.calls.map(([text]) => text).join(' ');
    exec.mockRestore();
    expect(settings).toContain(`PRAGMA synchronous = ${synchronous === 2 ? 'FULL' : 'NORMAL'}`);
    expect(settings).toContain('PRAGMA journal_mode = WAL');
  });

  it('waits for another that writes, and then says that the store is not available', async () => {
    const file = newFile();
    const ledger = open(file, { busyTimeoutMs: 50 });
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    const began = performance.now();
    expect(await failure(ledger.append([entry('a')]))).toMatchObject({ code: 'store_unavailable', message: 'SQLite: database is locked', cause: { code: 'ERR_SQLITE_ERROR' } });
    expect(performance.now() - began).toBeGreaterThan(40);
    other.exec('ROLLBACK');
    other.close();
    await ledger.append([entry('a')]);
    expect(await ledger.totals({})).toMatchObject([{ calls: 1 }]);
  });

  it('is closed for good', async () => {
    const ledger = open(newFile());
    await ledger.close?.();
    for (const work of [() => ledger.append([entry('a')]), () => ledger.totals({}), () => ledger.prune(1), () => collect(ledger.entries({}))]) expect(await failure(work())).toMatchObject({ code: 'closed' });
  });

  it('refuses a file of a newer version, and names both', async () => {
    const file = newFile();
    await open(file).close?.();
    sql(file, 'PRAGMA user_version = 2');
    expect(() => open(file)).toThrow(ConfigError);
    expect(() => open(file)).toThrow('schema version 2, and this release of headgate knows 1; update headgate');
  });

  it('refuses a file of something else, and leaves it alone', async () => {
    const [database, text] = [newFile(), newFile()];
    sql(database, 'CREATE TABLE mine (a)');
    writeFileSync(text, 'no database at all, but long enough to be taken for one '.repeat(100));
    expect(() => open(database)).toThrow('is a database of something else');
    expect(sql(database, 'SELECT name FROM sqlite_schema')).toMatchObject([{ name: 'mine' }]);
    expect(() => open(text)).toThrow('could not be opened: file is not a database');
    expect(() => open(path.join(folder, 'no', 'such', 'folder.db'))).toThrow('could not be opened: unable to open database file');
  });

  it('says what to do where Node has no SQLite', () => {
    const builtin = vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never);
    try {
      expect(() => open(newFile())).toThrow(ConfigError);
      expect(() => open(newFile())).toThrow('built without SQLite; use a release from nodejs.org');
    } finally {
      builtin.mockRestore();
    }
  });

  const wrong: readonly [object, string][] = [[{}, 'path'], [{ path: '' }, 'path'], [{ path: 'x', durability: 'maybe' }, 'durability'], [{ path: 'x', busyTimeoutMs: -1 }, 'busyTimeoutMs'], [{ path: 'x', busyTimeoutMs: '1; DROP' }, 'busyTimeoutMs']];
  it.each(wrong)('refuses %j', (options, field) => {
    expect(() => sqliteLedger(options as SqliteLedgerOptions)).toThrow(`sqliteLedger: ${field}: wanted`);
  });
});
