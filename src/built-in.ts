import type Crypto from 'node:crypto';
import type Net from 'node:net';

// Node's own modules that only some calls need: loading `node:crypto` with the package would cost every process 5 ms.

let crypto: typeof Crypto | undefined;
let net: typeof Net | undefined;

export function nodeCrypto(): typeof Crypto {
  return (crypto ??= process.getBuiltinModule('node:crypto'));
}

export function nodeNet(): typeof Net {
  return (net ??= process.getBuiltinModule('node:net'));
}
