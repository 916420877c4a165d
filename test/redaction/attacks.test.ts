import { beforeAll, describe, expect, it } from 'vitest';
import { compileDetector } from '../../src/redaction/detector.js';
import { loadNumberingPlans } from '../../src/redaction/detectors/numbering-plans.js';
import { builtInDetectors } from '../../src/redaction/kinds.js';
import { Scanner } from '../../src/redaction/scanner.js';
import { ATTACK_SHAPES, attack } from './attack-shapes.js';

beforeAll(loadNumberingPlans);

describe('a hostile text', () => {
  // `npm run bench:redaction` says how long it really takes: single milliseconds for a quarter of a megabyte.
  it.each(Object.entries(ATTACK_SHAPES))('of %s keeps no detector for long', (_name, shape) => {
    const text = attack(shape, 262_144);
    for (const detector of builtInDetectors) {
      const compiled = compileDetector(detector);
      const began = performance.now();
      for (const match of compiled.find(text, 0)) expect(match.end).toBeGreaterThan(match.start);
      expect(performance.now() - began, detector.kind).toBeLessThan(500);
    }
  });

  it('that comes one character at a time is no worse', () => {
    for (const shape of ['a@', 'eyJ', '1', 'password: ', '-----BEGIN RSA PRIVATE KEY-----\nMII']) {
      const scanner = new Scanner(builtInDetectors.map(compileDetector), { counts: () => true, replace: () => '' });
      const began = performance.now();
      for (const character of attack(shape, 8192)) scanner.push(character);
      scanner.end();
      expect(performance.now() - began, shape).toBeLessThan(10_000);
    }
  });

  it('that is one endless secret needs no more memory for what comes after it', () => {
    const scanner = new Scanner(builtInDetectors.map(compileDetector), { counts: () => true, replace: (kind, value) => `<${kind} ${value.length}>` });
    let out = scanner.push('Key: eyJhbGciOiJIUzI1NiJ9.');
    for (let turn = 0; turn < 20_000; turn++) out += scanner.push('eyJzdWIiOiIxMjM0');
    expect(out).toBe('Key: ');
    expect(out + scanner.push(' the') + scanner.end()).toBe('Key: <jwt 320021> the');
  });
});
