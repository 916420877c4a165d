import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createGateway } from 'headgate';
import { redact } from 'headgate/redact';
import { fixturesFolder } from '../support/fixtures.ts';

/** A row of the shared samples of personal data and secrets. */
interface Row {
  readonly id: string;
  readonly type: string;
  readonly text: string;
  readonly count: number;
  /** In code points. Null: not given. */
  readonly spans: readonly (readonly [number, number])[] | null;
  /** Of secrets: nothing of any kind is in it. */
  readonly globalNegative: boolean;
  /** Of secrets: identifiers and hashes are listed too. */
  readonly isSecret: boolean;
}

export interface Recall {
  readonly name: string;
  /** Rows that hold what is looked for, and how many of them were caught whole. */
  readonly positives: number;
  readonly caught: number;
  /** Rows that hold none of it, and how many of them were changed all the same. */
  readonly negatives: number;
  readonly changed: number;
  /** Ids of the rows that were missed, and of those that were changed. */
  readonly missed: readonly string[];
  readonly flagged: readonly string[];
}

/** The samples' names of what we look for. */
const KIND_OF: Readonly<Record<string, string>> = {
  EMAIL_ADDRESS: 'email', PHONE_NUMBER: 'phone', CREDIT_CARD: 'card', IBAN_CODE: 'iban', IP_ADDRESS: 'ip', MAC_ADDRESS: 'mac', CRYPTO: 'crypto-address', US_SSN: 'us-ssn', US_ITIN: 'us-itin', US_NPI: 'us-npi', US_MBI: 'us-mbi',
  CA_SIN: 'ca-sin', UK_NHS: 'uk-nhs', UK_NINO: 'uk-nino', DE_TAX_ID: 'de-tax-id', DE_SOCIAL_SECURITY: 'de-pension', ES_NIF: 'es-nif', ES_NIE: 'es-nie', IT_FISCAL_CODE: 'it-fiscal-code', PL_PESEL: 'pl-pesel',
  FI_PERSONAL_IDENTITY_CODE: 'fi-hetu', SE_PERSONNUMMER: 'se-personnummer', TR_NATIONAL_ID: 'tr-id', IN_AADHAAR: 'in-aadhaar', IN_PAN: 'in-pan', AU_ABN: 'au-abn', AU_TFN: 'au-tfn', AU_MEDICARE: 'au-medicare',
  SG_NRIC_FIN: 'sg-nric', KR_RRN: 'kr-rrn', TH_TNIN: 'th-tnin', ZA_ID_NUMBER: 'za-id', NG_NIN: 'ng-nin',
};
const SECRET_KINDS = ['private-key', 'jwt', 'api-key', 'url-credentials', 'password', 'secret'] as const;

/** By type of the samples, most rows first. `unsupported`: types that nothing looks for. */
export async function measureRecall(): Promise<{ readonly kinds: readonly Recall[]; readonly secrets: Recall; readonly unsupported: readonly string[] }> {
  const rows = read('pii/pii.jsonl');
  const types = [...new Set(rows.map(({ type }) => type))];
  const kinds: Recall[] = [];
  for (const type of types) {
    const kind = KIND_OF[type];
    if (kind !== undefined) kinds.push(await recallOf(kind, [kind], rows.filter((row) => row.type === type)));
  }
  const secrets = read('pii/secrets.jsonl').filter(({ count, isSecret, globalNegative }) => (count > 0 ? isSecret : globalNegative));
  return {
    kinds: kinds.toSorted((a, b) => b.positives - a.positives),
    secrets: await recallOf('secrets', SECRET_KINDS, secrets),
    unsupported: types.filter((type) => KIND_OF[type] === undefined),
  };
}

async function recallOf(name: string, kinds: readonly string[], rows: readonly Row[]): Promise<Recall> {
  let found: string[] = [];
  const gateway = createGateway({
    providers: [{ name: 'x', chat: () => Promise.resolve({ id: '1', model: 'm', content: [], finishReason: 'stop', usage: { inputTokens: 1, outputTokens: 1 } }) }],
    interceptors: [redact({ kinds, allow: (value) => (found.push(value), false) })],
  });
  const missed: string[] = [];
  const flagged: string[] = [];
  for (const row of rows) {
    found = [];
    const { gateway: report } = await gateway.chat({ model: 'x/m', messages: [{ role: 'user', content: row.text }] });
    const count = report?.decisions.reduce((sum, decision) => sum + (decision.what === 'redacted' ? Object.values(decision.kinds).reduce((a, b) => a + b, 0) : 0), 0) ?? 0;
    if (row.count === 0 ? count > 0 : !isCaught(row, found, count)) (row.count === 0 ? flagged : missed).push(row.id);
  }
  await gateway.close();
  const positives = rows.filter(({ count }) => count > 0).length;
  return { name, positives, caught: positives - missed.length, negatives: rows.length - positives, changed: flagged.length, missed, flagged };
}

/** Where a span is given, nothing of its letters and digits may be left. For secrets the kind and the ends differ from tool to tool: one must be found. */
function isCaught(row: Row, found: readonly string[], count: number): boolean {
  if (row.spans === null || row.id.startsWith('secret')) return count >= (row.spans === null ? row.count : 1);
  const characters = [...row.text];
  return row.spans.every(([start, end]) => found.some((value) => letters(value).includes(letters(characters.slice(start, end).join('')))));
}

function letters(text: string): string {
  return text.replace(/[^\p{L}\p{N}]/gu, '');
}

function read(file: string): readonly Row[] {
  return readFileSync(path.join(fixturesFolder, file), 'utf8').trim().split('\n').map((line) => {
    const row = JSON.parse(line) as Omit<Row, 'isSecret'> & { readonly parts?: readonly string[]; readonly categories?: readonly string[] };
    return { ...row, text: row.text ?? row.parts?.join('') ?? '', globalNegative: row.globalNegative === true, isSecret: row.categories?.includes('secret') ?? true };
  });
}
