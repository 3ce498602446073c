import "server-only";
import { crc32, createDeflateRaw } from "node:zlib";

export interface ZipEntry {
  /** With `/` between folders; ASCII. */
  name: string;
  content: AsyncIterable<string | Uint8Array>;
}

const LOCAL_HEADER = 0x04034b50;
const DESCRIPTOR = 0x08074b50;
const CENTRAL_HEADER = 0x02014b50;
const END = 0x06054b50;
const VERSION = 20;
/** Sizes and checksum follow the content (bit 3), and names are UTF-8 (bit 11). */
const FLAGS = 0x0808;
const DEFLATE = 8;
/** Beyond it a file needs the 64-bit form, which this does not write. */
const SIZE_MAX = 0xffff_ffff;

const u16 = (value: number) => [value & 0xff, (value >>> 8) & 0xff];
const u32 = (value: number) => [...u16(value & 0xffff), ...u16(value >>> 16)];

/** In the two-second steps of MS-DOS. */
const dosTime = (at: Date): number[] => [
  ...u16((at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1)),
  ...u16(((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate()),
];

/**
 * A ZIP file of these entries (PKWARE APPNOTE 6.3), in pieces, with one entry open at a time and
 * none of it kept. Throws where it would be larger than 4 GiB.
 */
export async function* zipOf(entries: AsyncIterable<ZipEntry>, at: Date): AsyncGenerator<Buffer> {
  const central: Buffer[] = [];
  const time = dosTime(at);
  let offset = 0;
  for await (const { name, content } of entries) {
    const bytes = Buffer.from(name, "utf8");
    const begin = offset;
    const common = [...u16(VERSION), ...u16(FLAGS), ...u16(DEFLATE), ...time];
    const head = [...u32(LOCAL_HEADER), ...common, ...u32(0), ...u32(0), ...u32(0)];
    const header = Buffer.from([...head, ...u16(bytes.length), ...u16(0), ...bytes]);
    yield header;
    offset += header.length;
    const sums = { crc: 0, size: 0, packed: 0 };
    for await (const piece of deflated(content, sums)) {
      yield piece;
      offset += piece.length;
    }
    const { crc, size, packed } = sums;
    if (size > SIZE_MAX || offset > SIZE_MAX) throw new Error("the ZIP file would be too large");
    const sizes = [...u32(crc), ...u32(packed), ...u32(size)];
    yield Buffer.from([...u32(DESCRIPTOR), ...sizes]);
    offset += 16;
    const names = [...u16(bytes.length), ...u16(0), ...u16(0), ...u16(0), ...u16(0)];
    const begins = [...u32(CENTRAL_HEADER), ...u16(VERSION), ...common, ...sizes, ...names];
    const attributesAndPlace = [...u32(0), ...u32(begin)];
    central.push(Buffer.from([...begins, ...attributesAndPlace, ...bytes]));
  }
  const directory = Buffer.concat(central);
  yield directory;
  const count = [...u16(central.length), ...u16(central.length)];
  const where = [...u32(directory.length), ...u32(offset)];
  yield Buffer.from([...u32(END), ...u16(0), ...u16(0), ...count, ...where, ...u16(0)]);
}

async function* deflated(
  content: ZipEntry["content"],
  sums: { crc: number; size: number; packed: number },
): AsyncGenerator<Buffer> {
  const deflate = createDeflateRaw();
  const fed = feed(deflate, content, sums);
  // Whoever reads is told by the stream itself.
  fed.catch((error: unknown) => deflate.destroy(error as Error));
  for await (const piece of deflate as AsyncIterable<Buffer>) {
    sums.packed += piece.length;
    yield piece;
  }
  await fed;
}

async function feed(
  deflate: ReturnType<typeof createDeflateRaw>,
  content: ZipEntry["content"],
  sums: { crc: number; size: number },
): Promise<void> {
  for await (const piece of content) {
    const bytes = typeof piece === "string" ? Buffer.from(piece, "utf8") : piece;
    sums.crc = crc32(bytes, sums.crc);
    sums.size += bytes.length;
    // Not before what is there was taken: else all of it would be in memory.
    await new Promise<void>((resolve, reject) => {
      deflate.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
  }
  deflate.end();
}
