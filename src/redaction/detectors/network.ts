import { nodeNet } from '../../built-in.js';
import type { FindDetector, PatternDetector } from '../detector.js';

/** IPv4 addresses and networks, private ones too. Four numbers of a version look the same and are taken for one. */
export const ipv4: PatternDetector = {
  kind: 'ip',
  maxLength: 18,
  pattern: /(?<![\w.:])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\/(?:3[0-2]|[12]?\d))?(?!\w)/,
  characters: /[\d./]/,
  begins: /\d/,
  needs: { digits: 4, any: ['.'] },
};

/** IPv6 addresses in every form of RFC 4291, with the zone of RFC 4007. A `::` alone is a sign in many languages: only with a prefix length. */
export const ipv6: FindDetector = {
  kind: 'ip',
  maxLength: 64,
  characters: /[\w:.%/-]/,
  needs: { any: [':'] },
  *find(text, from) {
    for (let colon = text.indexOf(':', from); colon !== -1; colon = text.indexOf(':', colon + 1)) {
      let start = colon;
      while (start > from && colon - start < 4 && HEX.test(text.charAt(start - 1))) start--;
      IPV6.lastIndex = start;
      const found = IPV6.exec(text)?.[0];
      if (found === undefined) continue;
      const length = addressLength(found);
      if (length > 0) yield { start, end: start + length };
      colon = start + Math.max(found.length, colon - start + 1) - 1;
    }
  },
};

const HEX = /[\da-f]/i;
const IPV6 = /(?<![\w:.])[\da-f:]{2,45}(?:\.\d{1,3}){0,3}(?:%[\w-]{1,15}|\/\d{1,3})?(?![\w:])/iy;

/** How many characters are an address, with its zone or its prefix length. 0: none. */
function addressLength(value: string): number {
  const [address = ''] = value.split(/[%/]/, 1);
  const bits = value.includes('/') ? Number(value.slice(value.indexOf('/') + 1)) : undefined;
  if (nodeNet().isIP(address) !== 6 || (address === '::' && bits === undefined)) return 0;
  return bits !== undefined && bits > 128 ? address.length : value.length;
}

/** Hardware addresses of 48 and 64 bits, in pairs or in Cisco's groups of four. */
export const mac: PatternDetector = {
  kind: 'mac',
  maxLength: 23,
  pattern: /(?<![\w:.-])(?:[\da-f]{2}([:-])[\da-f]{2}(?:\1[\da-f]{2}){4}(?:\1[\da-f]{2}){0,2}|[\da-f]{2}(?: [\da-f]{2}){5}(?: [\da-f]{2}){0,2}|[\da-f]{4}\.[\da-f]{4}\.[\da-f]{4}(?:\.[\da-f]{4})?)(?![\w:-])/i,
  characters: /[\da-f:. -]/i,
  begins: /(?<!\w)[\da-f]{2}/i,
  needs: { hex: 14 },
  accepts: (value) => /[1-9a-f]/i.test(value) && (!value.includes(' ') || /[a-f]/i.test(value)) && !/^(?:[\da-f]{2}[:. -]){6}[\da-f]{2}$/i.test(value),
};
