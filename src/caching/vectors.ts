/** Embeddings in their full precision, as text a third shorter than JSON's and far quicker to read. */
export interface PackedVectors {
  /** How many numbers each vector has. */
  readonly lengths: readonly number[];
  /** All numbers, one after the other: 64-bit floats, little-endian, in base64. */
  readonly base64: string;
}

/** Undefined when one of them is no vector of finite numbers: such an answer is broken. */
export function packVectors(vectors: readonly (readonly number[])[]): PackedVectors | undefined {
  const lengths = vectors.map((vector) => vector.length);
  const view = new DataView(new ArrayBuffer(lengths.reduce((sum, length) => sum + length, 0) * BYTES));
  let at = 0;
  for (const vector of vectors) {
    for (const number of vector) {
      if (!Number.isFinite(number)) return undefined;
      view.setFloat64(at, number, true);
      at += BYTES;
    }
  }
  return { lengths, base64: Buffer.from(view.buffer).toString('base64') };
}

/** Undefined when the text does not hold what the lengths say. */
export function unpackVectors({ lengths, base64 }: PackedVectors): readonly (readonly number[])[] | undefined {
  const bytes = Buffer.from(base64, 'base64');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (lengths.reduce((sum, length) => sum + length, 0) * BYTES !== bytes.byteLength) return undefined;
  let at = 0;
  return lengths.map((length) => {
    const vector: number[] = [];
    vector.length = length; // twice as quick as pushing
    for (let place = 0; place < length; place++, at += BYTES) vector[place] = view.getFloat64(at, true);
    return vector;
  });
}

const BYTES = Float64Array.BYTES_PER_ELEMENT;
