import { crc32, deflateSync } from "node:zlib";
import sharp from "sharp";
import { expect, test } from "vitest";
import { redrawSquare } from "@/lib/platform/images/redraw-picture";

const SIDE = 256;
const RED = { r: 200, g: 30, b: 40 };

const drawn = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: RED } });

function chunk(kind: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(kind, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** Zeros alone: some kilobytes in the file, and a gigabyte and more in memory. */
function pngOf(width: number, height: number, lines: number): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([1, 0, 0, 0, 0], 8);
  const data = deflateSync(Buffer.alloc(lines * (1 + Math.ceil(width / 8))));
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", head),
    chunk("IDAT", data),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

async function webpOf(file: Uint8Array): Promise<Buffer> {
  const result = await redrawSquare(file, SIDE);
  if (result.outcome !== "redrawn") throw new Error(result.outcome);
  return Buffer.from(result.webp);
}

test.each(["png", "jpeg", "webp"] as const)("a %s becomes a square WebP", async (format) => {
  const webp = await webpOf(await drawn(640, 300).toFormat(format).toBuffer());
  expect(await sharp(webp).metadata()).toMatchObject({ format: "webp", width: SIDE, height: SIDE });
  const { channels } = await sharp(webp).stats();
  expect(channels[0]?.mean).toBeCloseTo(RED.r, -1);
});

test("nothing is left of where and with what it was taken", async () => {
  const file = await drawn(300, 300)
    .withExif({ IFD0: { Make: "CAMERA-OF-MINE" }, IFD3: { GPSLatitudeRef: "N" } })
    .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/">WHERE-I-LIVE</x:xmpmeta>')
    .keepIccProfile()
    .jpeg()
    .toBuffer();
  expect(file.includes("CAMERA-OF-MINE") && file.includes("WHERE-I-LIVE")).toBe(true);
  const webp = await webpOf(file);
  const { exif, xmp, icc, iptc } = await sharp(webp).metadata();
  expect([exif, xmp, icc, iptc]).toEqual([undefined, undefined, undefined, undefined]);
  expect(webp.includes("CAMERA-OF-MINE") || webp.includes("WHERE-I-LIVE")).toBe(false);
});

test("a picture that its camera held upright stands upright", async () => {
  const halves = await sharp({
    create: { width: 400, height: 400, channels: 3, background: "#fff" },
  })
    .composite([{ input: await drawn(400, 200).png().toBuffer(), top: 0, left: 0 }])
    // As turned by half a turn.
    .withMetadata({ orientation: 3 })
    .jpeg()
    .toBuffer();
  const { data } = await sharp(await webpOf(halves))
    .raw()
    .toBuffer({ resolveWithObject: true });
  expect(data[1]).toBeGreaterThan(200);
});

test("what stands behind a picture in its file is gone", async () => {
  const script = "<script>alert(document.domain)</script>";
  const png = await drawn(300, 300).png().toBuffer();
  const webp = await webpOf(Buffer.concat([png, Buffer.from(`PK\x03\x04${script}`)]));
  expect(webp.includes("script") || webp.includes("PK\x03\x04")).toBe(false);
});

test.each([
  ["an SVG", '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
  ["an SVG behind a mark of byte order", '\ufeff<?xml version="1.0"?><svg width="9" height="9"/>'],
  ["a page", "<!doctype html><script>alert(1)</script>"],
  ["a GIF that is a script", 'GIF89a=0/*\x01\x00\x01\x00\x80\x00\x00*/;alert("1")'],
  ["a PDF", "%PDF-1.7\n1 0 obj<<>>endobj"],
  ["a TIFF", "II*\x00\x08\x00\x00\x00"],
  ["a RIFF that is a sound", "RIFF\x24\x00\x00\x00WAVEfmt "],
  ["nothing", ""],
])("%s is no picture and is not opened", async (_what, text) => {
  expect(await redrawSquare(Buffer.from(text), SIDE)).toEqual({ outcome: "not-a-picture" });
});

test("a file that only begins like a picture is a broken one", async () => {
  const png = Buffer.from("\x89PNG\r\n\x1a\n<svg xmlns='http://www.w3.org/2000/svg'/>", "latin1");
  expect(await redrawSquare(png, SIDE)).toEqual({ outcome: "broken" });
});

test.each(["png", "jpeg", "webp"] as const)(
  "a %s that is cut off is a broken one",
  async (format) => {
    const noise = sharp({
      create: {
        width: 400,
        height: 400,
        channels: 3,
        background: RED,
        noise: { type: "gaussian", mean: 9, sigma: 9 },
      },
    });
    const file = await noise.toFormat(format).toBuffer();
    expect(await redrawSquare(file.subarray(0, file.length / 2), SIDE)).toEqual({
      outcome: "broken",
    });
  },
);

test("a small file of very many pixels is refused by its head", async () => {
  const bomb = pngOf(60_000, 60_000, 2_000);
  expect(bomb.byteLength).toBeLessThan(64 * 1024);
  expect(await redrawSquare(bomb, SIDE)).toEqual({ outcome: "too-many-pixels" });
  expect(await redrawSquare(pngOf(5_657, 5_657, 5_657), SIDE)).toEqual({
    outcome: "too-many-pixels",
  });
  expect((await redrawSquare(pngOf(5_656, 5_656, 5_656), SIDE)).outcome).toBe("redrawn");
});

test("of very many at once some are told to come back, and all others are drawn", async () => {
  const file = await drawn(1_000, 1_000).jpeg().toBuffer();
  const answers = await Promise.all(Array.from({ length: 50 }, () => redrawSquare(file, SIDE)));
  const count = (outcome: string) => answers.filter((answer) => answer.outcome === outcome).length;
  expect([count("redrawn"), count("busy")]).toEqual([10, 40]);
  expect((await redrawSquare(file, SIDE)).outcome).toBe("redrawn");
});
