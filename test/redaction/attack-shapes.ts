/** Texts that drive patterns into trouble: each is repeated to the wanted length. */
export const ATTACK_SHAPES: Readonly<Record<string, string>> = {
  'one letter': 'a',
  'one digit': '1',
  'at signs': 'a@',
  'unfinished addresses': 'a@a.a.',
  'digits with gaps': '12 34-56.78 ',
  'card-like groups': '4111 1111 1111 ',
  'phone-like groups': '012 345 678 ',
  'iban-like groups': 'GB29 NWBK 6016 ',
  'unfinished tokens': 'eyJ',
  'dotted tokens': 'eyAAAAAAAAAAAAAAAAAAAA.',
  'unfinished keys': '-----BEGIN RSA PRIVATE KEY-----\nMII',
  'openers of keys': '-----BEGIN ',
  'one dash': '-',
  'colons': 'a:1::',
  'pairs of hex': 'ab:cd:ef:',
  'words for secrets': 'password: ',
  'names for secrets': 'api_key=',
  'quotes': 'token="',
  'schemes': 'a://b:',
  'services': 'twilio,',
  'command lines': 'curl -u a:',
  'words for birth': 'born on May ',
  'vendor openers': 'sk-ant-api03-',
  'brackets': '[EMAIL_1',
  'halves of characters': '\ud83d',
};

export function attack(shape: string, length: number): string {
  return shape.repeat(Math.ceil(length / shape.length)).slice(0, length);
}
