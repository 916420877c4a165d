// Node's own modules that only some calls need: loading `node:crypto` with the package would cost every process 5 ms.

let crypto: typeof import('node:crypto') | undefined;
let net: typeof import('node:net') | undefined;

export function nodeCrypto(): typeof import('node:crypto') {
  return (crypto ??= process.getBuiltinModule('node:crypto'));
}

export function nodeNet(): typeof import('node:net') {
  return (net ??= process.getBuiltinModule('node:net'));
}
