import fc from 'fast-check';
import type { ChatDelta, Json } from 'headgate';
import { beforeAll, describe, expect, it } from 'vitest';
import { Scanner } from '../../src/redaction/scanner.js';
import { compileSettings, type RedactSettings } from '../../src/redaction/settings.js';
import { loadNumberingPlans } from '../../src/redaction/detectors/numbering-plans.js';
import { rewriteText } from '../../src/redaction/text-stream.js';
import { answered, cutAt, redactionOf, textOf, wholeAnswer, type Content } from '../support/redaction.js';

// `npm run test:splits` asks for a million: half of them all the ways to cut short texts, half of them random.
const SPLITS = Number(process.env['HEADGATE_SPLITS'] ?? 12_000);

/** One of each kind, made up. Those of 16 characters or fewer are cut in every way there is. */
const SAMPLES: readonly (readonly [string, string])[] = [
  ['email', 'ab@cd.io'], ['email', 'hans.müller+tag@straße.example'], ['card', '4111111111111111'], ['card', '4111 1111 1111 1111'], ['iban', 'DE89 3704 0044 0532 0130 00'], ['iban', 'NO9386011117947'],
  ['ip', '203.0.113.77'], ['ip', '2001:db8::1'], ['mac', '00:1b:44:11:3a:b7'], ['phone', '+14155550123'], ['phone', '(415) 555-0123'], ['us-ssn', '219-09-9999'], ['us-mbi', '1EG4-TE5-MK73'], ['us-npi', '1234567893'],
  ['uk-nino', 'AB 12 34 56 C'], ['uk-nhs', '943 476 5919'], ['es-nif', '12345678Z'], ['es-nie', 'X1234567L'], ['it-fiscal-code', 'RSSMRA85T10A562S'], ['fi-hetu', '131052-308T'], ['pl-pesel', '44051401359'],
  ['in-pan', 'ABCPE1234F'], ['sg-nric', 'S1234567D'], ['kr-rrn', '960121-1021413'], ['ca-sin', '130-692-544'], ['au-tfn', '123 456 782'], ['crypto-address', `0x${'a1B2'.repeat(10)}`], ['url-credentials', 'https://joe:hunter22@db.example.com/x'],
  ['secret', 'password: hunter22'], ['secret', 'Authorization: Bearer abc123def456ghi789jkl'], ['birth-date', 'born on 12 March 1984'],
  ['api-key', `ghp_${'aB3dE6gH'.repeat(5)}`], ['jwt', `eyJhbGciOiJIUzI1NiJ9.${'eyJzdWIiOiIxMjM0In0'.repeat(20)}.c2lnbmF0dXJl`], ['private-key', `-----BEGIN RSA PRIVATE KEY-----\n${'MIIEpAIBAAKCAQEA7bq8\n'.repeat(20)}-----END RSA PRIVATE KEY-----`],
];
const ASKED = 'I am jane@acme-corp.io, card 5555 5555 5555 4444, key p"a\\s.';
const SETTINGS: RedactSettings = { output: {}, detectors: [{ kind: 'odd', pattern: /p"a\\s/, maxLength: 5 }] };

beforeAll(loadNumberingPlans);

/** `count` of the ways to cut `text`, spread over all of them; all of them when there are no more. */
function* cuts(text: string, count: number): Generator<readonly string[]> {
  const ways = 2 ** (text.length - 1);
  const step = Math.max(1, Math.floor(ways / count) | 1);
  for (let turn = 0; turn < Math.min(count, ways); turn++) {
    const mask = (turn * step) % ways;
    const places: number[] = [];
    for (let at = 1; at < text.length; at++) if ((mask & (1 << (at - 1))) !== 0) places.push(at);
    yield cutAt(text, places);
  }
}

function answer(deltas: readonly ChatDelta[]) {
  return answered(redactionOf(SETTINGS, ASKED).redaction, deltas);
}

const asText = (pieces: readonly string[]): ChatDelta[] => pieces.map((piece) => ({ type: 'text-delta', text: piece }));
const asTool = (pieces: readonly string[]): ChatDelta[] => [
  { type: 'tool-call-start', id: 'c', name: 'f' },
  ...pieces.map((json) => ({ type: 'tool-call-delta', id: 'c', json }) as const),
  { type: 'tool-call-end', id: 'c' },
];

describe('a stream cut anywhere', () => {
  const short = SAMPLES.filter(([, sample]) => sample.length <= 16);

  it('gives what the whole gives, for every way to cut a short text of each kind', { timeout: 600_000 }, () => {
    const { detectors } = compileSettings({}, false);
    const each = Math.max(256, Math.floor(SPLITS / 2 / short.length));
    let tried = 0;
    for (const [kind, sample] of short) {
      const chosen = detectors.filter((detector) => detector.kind === kind);
      const scan = (pieces: readonly string[]): string => {
        const scanner = new Scanner(chosen, { counts: () => true, replace: (found, value) => `<${found} ${value.length}>` });
        return pieces.map((piece) => scanner.push(piece)).join('') + scanner.end();
      };
      const padded = sample.padStart(16, ',');
      const whole = scan([padded]);
      expect(whole).toBe(`${','.repeat(16 - sample.length)}<${kind} ${sample.length}>`);
      for (const pieces of cuts(padded, each)) {
        tried++;
        const out = scan(pieces);
        if (out !== whole) expect({ pieces, out }).toEqual({ pieces, out: whole });
      }
    }
    expect(tried).toBeGreaterThan(SPLITS / 3);
  });

  it('gives what the whole gives, and nothing that leaked, for texts of all kinds, odd characters and placeholders', { timeout: 3_600_000 }, () => {
    fc.assert(
      fc.property(anyText, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }), (fragments, ratios) => {
        const all = fragments.map(([fragment]) => fragment).join('');
        const pieces = cutAt(all, ratios.map((ratio) => Math.floor(ratio * all.length)).sort((a, b) => a - b));
        const whole = textOf(answer(asText([all])));
        expect(textOf(answer(asText(pieces)))).toBe(whole);
        for (const [, secret] of fragments) if (secret !== undefined) expect(whole).not.toContain(secret);
      }),
      { numRuns: Math.floor((SPLITS * 3) / 8) },
    );
  });

  it('gives the same arguments for a tool as the whole, and they are JSON', { timeout: 3_600_000 }, () => {
    fc.assert(
      fc.property(anyText, fc.jsonValue(), fc.boolean(), fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }), (fragments, more, ascii, ratios) => {
        const all = fragments.map(([fragment]) => fragment).join('');
        const value = { all, '[EMAIL_1]': more, list: [4111111111111111, '[ODD_1]', -1.5e3, true] };
        const json = ascii ? JSON.stringify(value).replace(/[^ -~]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`) : JSON.stringify(value);
        const pieces = cutAt(json, ratios.map((ratio) => Math.floor(ratio * json.length)).sort((a, b) => a - b));
        const [whole] = answer(wholeAnswer([{ type: 'tool-call', id: 'c', name: 'f', input: JSON.parse(json) as Json }]));
        const [streamed] = answer(asTool(pieces));
        expect(argumentsOf(streamed)).toEqual(argumentsOf(whole));
        expect(argumentsOf(streamed)).toMatchObject({ list: [expect.stringMatching(/^\[CARD_\d\]$/), 'p"a\\s', -1500, true] });
        for (const [, secret] of fragments) if (secret !== undefined) expect(JSON.stringify(streamed)).not.toContain(secret);
      }),
      { numRuns: Math.floor(SPLITS / 8) },
    );
  });

  it('is never held back by more than 256 characters', () => {
    const { detectors } = compileSettings({}, false);
    const same = '\u00a4';
    for (const [, sample] of [...SAMPLES, ['', 'x'.repeat(3000)], ['', '12 34 '.repeat(500)], ['', 'a@'.repeat(1500)], ['', 'eyJ'.repeat(1000)]] as const) {
      const scanner = new Scanner(detectors, { counts: () => true, replace: (_kind, value) => same.repeat(value.length) });
      const text = `Words before, ${sample} and words behind: ${'prose of no interest '.repeat(20)}`;
      const whole = rewriteText(scanner, text);
      let given = 0;
      let behind = 0;
      for (let at = 0; at < text.length; at++) {
        given += scanner.push(text.charAt(at)).length;
        // What is known to be replaced is not held back: it never comes out.
        behind = Math.max(behind, whole.slice(given, at + 1).replaceAll(same, '').length);
      }
      scanner.end();
      expect(behind).toBeLessThanOrEqual(203);
    }
    // A run that may be anything, and behind it what may be a placeholder, in text and in JSON.
    const worst = `${'x'.repeat(400)}.${'9'.repeat(400)}${'x'.repeat(210)}[EMAIL_${'1'.repeat(28)}\\ud83d${'x'.repeat(300)}`;
    for (const [deltas, skip] of [[asText([...worst]), 0], [asTool([...`{"a":"${worst}"}`]), 2]] as const) {
      let pushed = -skip;
      let most = 0;
      const [part] = answered(redactionOf(SETTINGS, ASKED).redaction, deltas, (out) => (most = Math.max(most, Math.min(++pushed, worst.length) - jsonLength(out))));
      expect(part?.type === 'tool-call' ? part.input : part).toMatchObject(skip === 0 ? { text: worst } : { a: JSON.parse(`"${worst}"`) as string });
      expect(most).toBeGreaterThan(200);
      expect(most).toBeLessThanOrEqual(256);
    }
    for (const prose of ['The quick brown fox jumps over the lazy dog. ', '[not a placeholder] but [a list of things, ']) {
      let pushed = 0;
      let most = 0;
      answered(redactionOf(SETTINGS, ASKED).redaction, asText([...prose.repeat(20)]), (out) => (most = Math.max(most, Math.min(++pushed, prose.length * 20) - textLength(out))));
      expect(most).toBeLessThanOrEqual(48);
    }
  });
});

/** Those that would reach a prototype are kept as text, and must be JSON too. */
function argumentsOf(part: Content[number] | undefined): Json {
  if (part?.type !== 'tool-call') throw new Error('there is no tool call');
  return part.invalidInput === undefined ? part.input : (JSON.parse(part.invalidInput) as Json);
}

function jsonLength(deltas: readonly ChatDelta[]): number {
  return deltas.reduce((length, delta) => length + ('text' in delta ? delta.text.length : 'json' in delta ? delta.json.length : 0), 0);
}

function textLength(deltas: readonly ChatDelta[]): number {
  return deltas.reduce((length, delta) => length + (delta.type === 'text-delta' ? delta.text.length : 0), 0);
}

/** A fragment, and what of it must not come out. */
type Fragment = readonly [string, string?];

/** Only a part of these is replaced. */
const CONTEXTUAL: ReadonlySet<string> = new Set(['secret', 'birth-date', 'url-credentials']);
const leak: fc.Arbitrary<Fragment> = fc.constantFrom(...SAMPLES).map(([kind, sample]): Fragment => (CONTEXTUAL.has(kind) ? [` ${sample} `] : [` ${sample} `, sample]));
const own: fc.Arbitrary<Fragment> = fc.constantFrom('[EMAIL_1]', '[email_1]', '[ EMAIL 1 ]', '\\[EMAIL\\_1\\]', '[CARD_1]', '[ODD_1]', '[EMAIL_7]', '[EMAIL_', '[[EMAIL_1]]', 'jane@acme-corp.io').map((fragment): Fragment => [fragment]);
const odd: fc.Arbitrary<Fragment> = fc.constantFrom('\u{1f600}', '\ud83d', '\ude00', '\u0000', '\r\n', '\\', '"', '[', ']', 'é', '邮箱', '@', '-----BEGIN ', 'eyJ', 'password=', ': ', '4111', '+', '__proto__', '\u2028').map((fragment): Fragment => [fragment]);
const words: fc.Arbitrary<Fragment> = fc.constantFrom(' and then ', ', ', '. ', ' 12 ', '\n', ' 2021-05-21 ', ' is ').map((fragment): Fragment => [fragment]);
const noise: fc.Arbitrary<Fragment> = fc.string({ unit: 'binary', maxLength: 8 }).map((fragment): Fragment => [fragment]);
const anyText = fc.array(fc.oneof(leak, own, odd, words, noise), { maxLength: 7 });
