import { sqliteLedger } from 'headgate/stores/sqlite';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { batchOf } from './batch.ts';

export interface Outcome {
  /** Killed processes. */
  readonly kills: number;
  /** Entries that were acknowledged. */
  readonly acknowledged: number;
  /** Answers that a gateway with a durable ledger gave. */
  readonly answered: number;
  /** Acknowledged entries, and rows of answers, that are not in the file. */
  readonly lost: number;
  /** Entries that are there twice. */
  readonly duplicates: number;
  /** Batches of which a part is there. */
  readonly torn: number;
  /** Entries that differ from what was appended, or that nobody appended. */
  readonly wrong: number;
  /** What SQL adds up to, less what it should. */
  readonly nanoUsdOff: number;
}

const WRITER = new URL('writer.ts', import.meta.url);
const ANSWERER = new URL('answerer.ts', import.meta.url);
/** Two that append, and one that answers calls. */
const PROCESSES = 3;
/** A process is killed at most this long after it was started, or after its first word, in milliseconds. */
const LATEST_KILL_MS = 120;

/** Kills writers of one file with SIGKILL at random moments, round after round, and looks at the file after each. */
export async function killRounds(rounds: number): Promise<Outcome> {
  const folder = mkdtempSync(path.join(tmpdir(), 'headgate-kill-'));
  const file = path.join(folder, 'ledger.db');
  const begun = new Set<string>();
  const stored = new Set<string>();
  const answered = new Set<string>();
  const sets: Readonly<Record<string, Set<string>>> = { begun, stored, answered };
  let unknown: readonly string[] = [];
  const found = { lost: 0, duplicates: 0, torn: 0, wrong: 0, nanoUsdOff: 0 };
  try {
    for (let round = 0; round < rounds; round++) {
      const said = await Promise.all([killed(WRITER, file, `r${round}a`, unknown.join(' ')), killed(WRITER, file, `r${round}b`), killed(ANSWERER, file)]);
      for (const { what, name } of said.flat()) sets[what]?.add(name);
      unknown = [...begun].filter((batch) => !stored.has(batch));
      const now = await inspect(file, begun, stored, answered);
      for (const name of Object.keys(found) as (keyof typeof found)[]) found[name] += now[name]; // its own keys
    }
    const acknowledged = [...stored].reduce((sum, batch) => sum + batchOf(batch).length, 0);
    return { kills: rounds * PROCESSES, acknowledged, answered: answered.size, ...found };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a process said before it was killed. */
function killed(program: URL, ...parameters: readonly string[]): Promise<readonly { readonly what: string; readonly name: string }[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', fileURLToPath(program), ...parameters], { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines: { what: string; name: string }[] = [];
    const shoot = (): void => void setTimeout(() => child.kill('SIGKILL'), Math.random() * LATEST_KILL_MS);
    // Some while they open the file, most while they write.
    const early = Math.random() < 0.2;
    if (early) shoot();
    createInterface(child.stdout).on('line', (line) => {
      const [what = '', name = ''] = line.split(' ');
      if (!early && lines.length === 0) shoot();
      lines.push({ what, name });
    });
    child.on('error', reject);
    child.on('close', (code, signal) => (signal === 'SIGKILL' ? resolve(lines) : reject(new Error(`${program.pathname} ended by itself, with code ${code}`))));
  });
}

async function inspect(file: string, begun: ReadonlySet<string>, stored: ReadonlySet<string>, answered: ReadonlySet<string>): Promise<Omit<Outcome, 'kills' | 'acknowledged' | 'answered'>> {
  const ledger = sqliteLedger({ path: file });
  try {
    const seen = new Map<string, string>();
    const answers = new Set<string>();
    let duplicates = 0;
    for await (const entry of ledger.entries({})) {
      if (seen.has(entry.id) || answers.has(entry.callId)) duplicates++;
      if (entry.tags['feature'] === 'answers') answers.add(entry.callId);
      else seen.set(entry.id, JSON.stringify(entry));
    }
    let [lost, torn, wrong, nanoUsd] = [[...answered].filter((call) => !answers.has(call)).length, 0, seen.size, 0];
    for (const batch of begun) {
      const entries = batchOf(batch);
      const there = entries.filter(({ id }) => seen.has(id));
      if (stored.has(batch)) lost += entries.length - there.length;
      if (there.length > 0 && there.length < entries.length) torn++;
      for (const entry of there) {
        nanoUsd += Math.round((entry.costUsd ?? 0) * 1e9);
        if (sorted(JSON.parse(seen.get(entry.id) ?? '{}')) === sorted(entry)) wrong--;
      }
    }
    const [total] = await ledger.totals({});
    return { lost, duplicates, torn, wrong, nanoUsdOff: Math.round((total?.costUsd ?? 0) * 1e9) - nanoUsd };
  } finally {
    await ledger.close?.();
  }
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'object' && inner !== null ? Object.fromEntries(Object.entries(inner).sort()) : inner));
}
