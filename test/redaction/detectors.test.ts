import { beforeAll, describe, expect, it } from 'vitest';
import { loadNumberingPlans } from '../../src/redaction/detectors/numbering-plans.js';
import { Scanner } from '../../src/redaction/scanner.js';
import { compileSettings } from '../../src/redaction/settings.js';
import { rewriteText } from '../../src/redaction/text-stream.js';

const { detectors } = compileSettings({}, false);

function redacted(text: string): string {
  return rewriteText(new Scanner(detectors, { counts: () => true, replace: (kind) => `<${kind}>` }), text);
}

beforeAll(loadNumberingPlans);

describe('what is found in a sentence', () => {
  it.each([
    ['Write to jane.doe+news@mail.acme-corp.co.uk.', 'Write to <email>.'],
    ['我的邮箱是jane@acme.cn请回复', '我的邮箱是<email>请回复'],
    ["**jane@acme.io** or 'bob@acme.io'", "**<email>** or '<email>'"],
    ['"odd name"@acme.io is a, and lodash@4.17.21 is none', '"odd name"@acme.io is a, and lodash@4.17.21 is none'],
    ['Card 4111 1111 1111 1111 123, ends 12/27', 'Card <card> 123, ends 12/27'],
    ['Card 3782-822463-10005', 'Card <card>'],
    ['Order 4111111111111112 of 1763650000001', 'Order 4111111111111112 of 1763650000001'],
    ['IBAN de89370400440532013000 and more words', 'IBAN <iban> and more words'],
    ['Call +49 30 901820 or (415) 555-0132 ext. 5', 'Call <phone> or <phone> ext. 5'],
    ['On 2021-05-21, 12.03.1999 and 10:30 we met', 'On 2021-05-21, 12.03.1999 and 10:30 we met'],
    ['My phone: 7654321', 'My phone: <phone>'],
    ['SSN 219-09-9999, ssn: 219099999, part 219099999', 'SSN <us-ssn>, ssn: <us-ssn>, part 219099999'],
    ['Host 203.0.113.7:8080, 2001:db8::1, std::vector and 12:30:45', 'Host <ip>:8080, <ip>, std::vector and 12:30:45'],
    ['MAC 00:1B:44:11:3A:B7, hash ab cd', 'MAC <mac>, hash ab cd'],
    ['Born on March 3rd, 1984, hired on March 3rd, 2014', 'Born on <birth-date>, hired on March 3rd, 2014'],
    ['postgres://app:s3cret@db.internal:5432/x', 'postgres://<url-credentials>@db.internal:5432/x'],
    ['DB_PASSWORD=hunter22 next', 'DB_PASSWORD=<secret> next'],
    ['The password is a string of 8 letters; password: required', 'The password is a string of 8 letters; password: required'],
    ['password: ${DB_PASSWORD}, token = process.env.TOKEN', 'password: ${DB_PASSWORD}, token = process.env.TOKEN'],
    ['use ghp_aB3dE6gHaB3dE6gHaB3dE6gHaB3dE6gHaB3dE6gH now', 'use <api-key> now'],
    ['-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\n-----END PRIVATE KEY-----\nThanks, Jane', '<private-key>\nThanks, Jane'],
    ['Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc-_1 ok', 'Bearer <jwt> ok'],
  ])('%j', (text, expected) => {
    expect(redacted(text)).toBe(expected);
  });

  it('what overlaps is replaced together, so that no end of it is left', () => {
    const scanner = new Scanner(compileSettings({ kinds: ['left', 'right'], detectors: [{ kind: 'left', pattern: /abcd/, maxLength: 4 }, { kind: 'right', pattern: /cdefgh/, maxLength: 6 }] }, false).detectors, {
      counts: () => true,
      replace: (kind, value) => `<${kind} ${value}>`,
    });
    expect(rewriteText(scanner, 'x abcdefgh y')).toBe('x <right abcdefgh> y');
  });

  it('is made of the characters that its detector says, so that no stream lets go of it too early', () => {
    const texts = ['"a.b"@acme.io', '+49 (0) 30 901820', 'X-1234567-L', 'AB 12 34 56 C', '51 824 753 556', '1EG4-TE5-MK73', '131052-308T', 'fe80::1%eth0', '2001:db8::/32', 'A9 C5 D4 9F EB D3 B6 65', 'Born on 3. März 1984', "pwd='a$b(c)d'", `xoxb-123456789012-${'a1'.repeat(8)}`];
    let seen = 0;
    for (const detector of detectors) {
      for (const text of texts) {
        for (const { start, end } of detector.find(text, 0)) {
          seen++;
          for (let at = start; at < end; at++) expect(detector.characters?.(text, at) ?? true, `${detector.kind} ${text}`).toBe(true);
        }
      }
    }
    expect(seen).toBeGreaterThan(10);
  });

  it('is nothing in ordinary prose and code', () => {
    const prose = [
      'In 2021 about 12,000 people (34.5 %) moved; by 2024 it was 1.2 million. See section 3.2.1, page 45.',
      'const total = items.reduce((sum, { price }) => sum + price, 0); // 100 % of 2_500',
      'The key to success: practice. A token of thanks: flowers. Session 12 starts at 10:30.',
      'f :: Int -> Int; std::move(x); a ? b : c; https://example.com/path?id=12345#top',
      'Version 1.2.3 of 2024-03-15T14:30:00Z, build 20240315, commit a1b2c3d4e5f6.',
    ];
    for (const text of prose) expect(redacted(text)).toBe(text);
  });
});
