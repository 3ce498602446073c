export type Cbor = number | string | Uint8Array | Cbor[] | Map<Cbor, Cbor>;

function head(major: number, count: number): number[] {
  const top = major << 5;
  if (count < 24) return [top | count];
  if (count < 0x1_00) return [top | 24, count];
  if (count < 0x1_00_00) return [top | 25, count >> 8, count & 0xff];
  return [top | 26, count >>> 24, (count >> 16) & 0xff, (count >> 8) & 0xff, count & 0xff];
}

/** As much of RFC 8949 as authenticators write. */
export function encodeCbor(value: Cbor): Buffer {
  if (typeof value === "number") {
    return Buffer.from(value < 0 ? head(1, -1 - value) : head(0, value));
  }
  if (typeof value === "string") {
    const text = Buffer.from(value, "utf8");
    return Buffer.concat([Buffer.from(head(3, text.length)), text]);
  }
  if (value instanceof Uint8Array) {
    return Buffer.concat([Buffer.from(head(2, value.length)), value]);
  }
  if (Array.isArray(value)) {
    return Buffer.concat([Buffer.from(head(4, value.length)), ...value.map(encodeCbor)]);
  }
  const entries = [...value].flatMap(([key, item]) => [encodeCbor(key), encodeCbor(item)]);
  return Buffer.concat([Buffer.from(head(5, value.size)), ...entries]);
}
