import { describe, expect, it } from 'vitest';
import { compileSettings } from '../../src/redaction/settings.js';
import { synthesize } from '../../src/redaction/synthetic.js';

const { detectors } = compileSettings({}, false);

describe('a made-up value', () => {
  it.each([
    ['email', 'jane@acme-corp.io', 'person7@example.com'],
    ['phone', '(415) 555-2671', '200-555-0107'],
    ['phone', '+49 30 901820', '+1 200-555-0107'],
    ['card', '5555555555554444', '4111110000000070'],
    ['card', '5555-5555-5555-4444', '4111-1100-0000-0070'],
    ['iban', 'DE89 3704 0044 0532 0130 00', 'DE41 0000 0000 0000 0000 07'],
    ['iban', 'NO9386011117947', 'NO1800000000007'],
    ['ip', '8.8.8.8', '192.0.2.7'],
    ['ip', '2a00::1', '2001:db8::7'],
    ['mac', 'AA-BB-CC-DD-EE-FF', '00-00-5e-00-53-07'],
  ])('of kind %s for %s is one by its own detector', (kind, value, expected) => {
    const made = synthesize(kind, value, 7);
    expect(made).toBe(expected);
    const found = detectors.filter((detector) => detector.kind === kind).flatMap((detector) => [...detector.find(made, 0)]);
    expect(found).toContainEqual({ start: 0, end: made.length });
  });

  it('of other kinds has the shape of the value, zeros and x, and tells values apart', () => {
    expect(synthesize('us-ssn', '219-09-9999', 7)).toBe('900-00-0007');
    expect(synthesize('uk-nino', 'AB 12 34 56 C', 7)).toBe('XX 00 00 00 7');
    expect(synthesize('api-key', 'ghp_aB3', 12)).toBe('xxx_x12');
    expect(synthesize('badge', '7', 1234)).toBe('1234');
    expect(synthesize('card', '4111111111111111', 8)).not.toBe(synthesize('card', '4111111111111111', 7));
  });
});
