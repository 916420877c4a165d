import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { ConfigError, isGatewayError, RejectedError } from '../errors.js';
import type { Ledger, LedgerEntry, LedgerQuery } from '../types/store.js';
import { checkedEntry } from './ledger-entry.js';
import { checkQuery } from './ledger-query.js';
import { conditionsSql, totalsOf, totalsSql } from './sqlite-query.js';
import { entryOf, INSERT_ENTRY, SELECT_PAGE, valuesOf, type Row } from './sqlite-rows.js';
import { prepareSchema } from './sqlite-schema.js';

export interface SqliteLedgerOptions {
  /** The file, made when it is not there. Several processes may use one file, on one machine. `:memory:` keeps it in this process. */
  readonly path: string;
  /** What an acknowledged append survives. `process`: the end of the process, kill -9 too. `power`: a power cut as well; each append then waits for the disk. @default 'power' */
  readonly durability?: 'process' | 'power';
  /** How long a write waits for another process that is writing, in milliseconds. This thread stands still meanwhile. @default 1000 */
  readonly busyTimeoutMs?: number;
}

/**
 * Spend records in one SQLite file, through Node's own `node:sqlite`: nothing to install, nothing to run. Everything happens on
 * the thread that calls. Throws ConfigError for a file that is no ledger, one of a newer version, and a Node without SQLite.
 */
export function sqliteLedger(options: SqliteLedgerOptions): Ledger {
  const database = open(checked(options));
  const insertEntry = database.prepare(INSERT_ENTRY);
  const insertTagSet = database.prepare('INSERT INTO tag_set (tags) VALUES (?) RETURNING id');
  const insertTag = database.prepare('INSERT INTO tag (tag_set, name, value) VALUES (?, ?, ?)');
  const findTagSet = database.prepare('SELECT id FROM tag_set WHERE tags = ?');
  const pruneSome = database.prepare('DELETE FROM entry WHERE seq IN (SELECT seq FROM entry WHERE at < ? ORDER BY at LIMIT ?)');
  const pruneTags = database.prepare('DELETE FROM tag_set WHERE NOT EXISTS (SELECT 1 FROM entry WHERE entry.tag_set = tag_set.id)');
  const statements = new Map<string, StatementSync>();
  let closed = false;

  /** Prepared once for each shape of query. */
  function prepared(text: string): StatementSync {
    const known = statements.get(text);
    if (known !== undefined) return known;
    if (statements.size >= MAX_STATEMENTS) statements.clear();
    const statement = database.prepare(text);
    statements.set(text, statement);
    return statement;
  }

  function run<T>(work: () => T): T {
    if (closed) throw new RejectedError('closed', 'the ledger was closed; open the file again to use it');
    try {
      return work();
    } catch (cause) {
      if (isGatewayError(cause)) throw cause;
      throw new RejectedError('store_unavailable', `SQLite: ${reasonOf(cause)}`, { cause });
    }
  }

  /** All or nothing, and alone: IMMEDIATE waits for its turn at the beginning, where waiting cannot end in a deadlock. */
  function transaction<T>(work: () => T): T {
    return run(() => {
      database.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        database.exec('COMMIT');
        return result;
      } catch (cause) {
        if (database.isTransaction) database.exec('ROLLBACK'); // a full disk has ended it already
        throw cause;
      }
    });
  }

  /** Looked up in each transaction: another process may have pruned it since the last. */
  function tagSetOf(tags: LedgerEntry['tags']): number {
    const entries = Object.entries(tags).sort(([one], [other]) => (one < other ? -1 : 1));
    const text = JSON.stringify(Object.fromEntries(entries));
    const known = findTagSet.get(text)?.['id'];
    if (known !== undefined) return Number(known);
    const id = Number(insertTagSet.get(text)?.['id']);
    for (const [name, value] of entries) insertTag.run(id, name, value);
    return id;
  }

  async function* entries(query: Pick<LedgerQuery, 'from' | 'to' | 'where'>): AsyncGenerator<LedgerEntry> {
    const conditions = conditionsSql(checkQuery(query));
    const text = SELECT_PAGE(conditions.text);
    let last: Row = { at: -1, seq: -1 };
    for (;;) {
      const rows = run(() => prepared(text).all(Number(last['at']), Number(last['seq']), ...conditions.values, PAGE) as Row[]); // rows are records of columns
      for (const row of rows) yield entryOf(row);
      const end = rows.at(-1);
      if (end === undefined || rows.length < PAGE) return;
      last = end;
      await othersTurn();
    }
  }

  return {
    async append(entries) {
      const rows = entries.map(checkedEntry);
      if (rows.length === 0) return;
      transaction(() => {
        for (const entry of rows) insertEntry.run(...valuesOf(entry, tagSetOf(entry.tags)));
      });
      await othersTurn();
    },

    async totals(query) {
      const asked = checkQuery(query);
      const { text, values } = totalsSql(asked);
      return run(() => {
        const statement = prepared(text);
        statement.setReadBigInts(true); // sums may pass what a number holds
        return totalsOf(statement.all(...values) as Row[], asked); // rows are records of columns
      });
    },

    entries,

    async prune(before) {
      if (!Number.isFinite(before)) throw new ConfigError(`sqliteLedger: prune: wanted milliseconds since the epoch, got ${String(before)}`);
      let removed = 0;
      for (;;) {
        const { changes } = transaction(() => pruneSome.run(before, PRUNED_AT_ONCE));
        removed += Number(changes);
        await othersTurn();
        if (Number(changes) < PRUNED_AT_ONCE) break;
      }
      if (removed > 0) transaction(() => pruneTags.run());
      return removed;
    },

    async close() {
      if (closed) return;
      closed = true;
      database.close(); // the last to close moves the log into the file, and removes it
    },
  };
}

const MAX_STATEMENTS = 100;
const PAGE = 500;
/** In milliseconds. */
const OPEN_AGAIN_MS = 5;
/** https://sqlite.org/rescode.html: the low byte; the rest says more. */
const SQLITE_BUSY = 5;
/** A fraction of a second of other processes' waiting. */
const PRUNED_AT_ONCE = 2000;

function open({ path, durability, busyTimeoutMs }: Required<SqliteLedgerOptions>): DatabaseSync {
  const sqlite = process.getBuiltinModule('node:sqlite'); // undefined, whatever its type says, where Node was built without it
  if (sqlite === undefined) throw new ConfigError('sqliteLedger: this Node was built without SQLite; use a release from nodejs.org (22.19 or newer), or another ledger');
  const until = performance.now() + busyTimeoutMs;
  for (;;) {
    let database: DatabaseSync | undefined;
    try {
      database = new sqlite.DatabaseSync(path);
      database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}; PRAGMA journal_mode = WAL; PRAGMA synchronous = ${durability === 'power' ? 'FULL' : 'NORMAL'}; PRAGMA foreign_keys = ON`);
      prepareSchema(database, path);
      return database;
    } catch (cause) {
      database?.close();
      if (isGatewayError(cause)) throw cause;
      // Of two that open a new file at once one is refused the change to WAL, without the wait that busy_timeout promises.
      if (!isBusy(cause) || performance.now() >= until) throw new ConfigError(`sqliteLedger: path: ${path} could not be opened: ${reasonOf(cause)}`);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, OPEN_AGAIN_MS);
    }
  }
}

function isBusy(cause: unknown): boolean {
  return typeof cause === 'object' && cause !== null && 'errcode' in cause && typeof cause.errcode === 'number' && (cause.errcode & 0xff) === SQLITE_BUSY;
}

/** SQLite's own words for its result code: a fixed list, so nothing of a row is in them. */
function reasonOf(cause: unknown): string {
  return typeof cause === 'object' && cause !== null && 'errstr' in cause && typeof cause.errstr === 'string' ? cause.errstr : 'it failed';
}

/** SQLite answers on this thread: a long row of writes or pages must let other work through. */
function othersTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function checked({ path, durability = 'power', busyTimeoutMs = 1000 }: SqliteLedgerOptions): Required<SqliteLedgerOptions> {
  if (typeof path !== 'string' || path === '') throw wrong('path', 'the name of a file', path);
  if (durability !== 'process' && durability !== 'power') throw wrong('durability', "'process' or 'power'", durability);
  if (!(Number.isInteger(busyTimeoutMs) && busyTimeoutMs >= 0 && busyTimeoutMs <= 60_000)) throw wrong('busyTimeoutMs', 'whole milliseconds, 0 to 60000', busyTimeoutMs);
  return { path, durability, busyTimeoutMs };
}

function wrong(option: string, wanted: string, got: unknown): ConfigError {
  return new ConfigError(`sqliteLedger: ${option}: wanted ${wanted}, got ${String(got)}`);
}
