import type { DatabaseSync } from 'node:sqlite';
import { ConfigError } from '../errors.js';

/** 'HGLG': tells a ledger from any other SQLite file. */
const APPLICATION_ID = 0x48474c47;
/** Raised with every change that an older version could not read. */
const VERSION = 1;

// Money in nano-USD, so that SQL adds integers. Equal tags are kept once: most calls of a tenant share theirs. `call` is a number
// for each call_id: different calls are counted with every total, and of numbers that takes a tenth of the time.
const TABLES = `
  CREATE TABLE tag_set (
    id INTEGER PRIMARY KEY,
    tags TEXT NOT NULL UNIQUE
  ) STRICT;
  CREATE TABLE tag (
    tag_set INTEGER NOT NULL REFERENCES tag_set (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (tag_set, name)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX tag_by_value ON tag (name, value);
  CREATE TABLE entry (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    call_id TEXT NOT NULL,
    call INTEGER NOT NULL,
    at INTEGER NOT NULL,
    provider TEXT NOT NULL,
    model TEXT NOT NULL,
    credential TEXT,
    answered_model TEXT,
    attempt INTEGER NOT NULL,
    kind TEXT NOT NULL,
    outcome TEXT NOT NULL,
    certainty TEXT NOT NULL,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    cache_read_tokens INTEGER,
    cache_write_tokens INTEGER,
    cache_write_long_tokens INTEGER,
    reasoning_tokens INTEGER,
    audio_input_tokens INTEGER,
    audio_output_tokens INTEGER,
    image_input_tokens INTEGER,
    image_output_tokens INTEGER,
    reported_nano_usd INTEGER,
    estimated INTEGER,
    service_tier TEXT,
    cost_nano_usd INTEGER,
    price TEXT,
    saved_nano_usd INTEGER,
    cache TEXT NOT NULL,
    duration_ms REAL NOT NULL,
    tag_set INTEGER NOT NULL REFERENCES tag_set (id)
  ) STRICT;
  CREATE INDEX entry_by_time ON entry (at);
  CREATE INDEX entry_by_tags ON entry (tag_set, at);
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${VERSION};
`;

/** Makes the tables of a new file. Throws ConfigError for a file that is not a ledger of a version known here. */
export function prepareSchema(database: DatabaseSync, path: string): void {
  // One process makes the tables; others that open the same new file wait here, and find them.
  database.exec('BEGIN IMMEDIATE');
  try {
    const version = pragma(database, 'user_version');
    const isLedger = pragma(database, 'application_id') === APPLICATION_ID;
    if (!isLedger && !isEmpty(database)) throw new ConfigError(`sqliteLedger: path: ${path} is a database of something else; give the ledger a file of its own`);
    if (isLedger && version !== VERSION) throw new ConfigError(`sqliteLedger: path: ${path} has schema version ${version}, and this release of headgate knows ${VERSION}; update headgate, or use another file`);
    if (!isLedger) database.exec(TABLES);
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

function isEmpty(database: DatabaseSync): boolean {
  return database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()?.['tables'] === 0;
}

function pragma(database: DatabaseSync, name: 'user_version' | 'application_id'): unknown {
  return database.prepare(`PRAGMA ${name}`).get()?.[name];
}
