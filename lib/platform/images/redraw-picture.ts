import "server-only";
import "#node-only";
import type { Sharp } from "sharp";
import { processSingleton } from "@/lib/platform/process-singleton";

/** What a picture may be sent as, with how such a file begins. */
const BEGINNINGS: readonly ((bytes: Buffer) => boolean)[] = [
  (bytes) => bytes.subarray(0, 8).equals(Buffer.from("\x89PNG\r\n\x1a\n", "latin1")),
  (bytes) => bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff])),
  (bytes) =>
    bytes.toString("latin1", 0, 4) === "RIFF" && bytes.toString("latin1", 8, 12) === "WEBP",
];

/** The readers that are left; everything else that libvips could open, SVG and PDF among it, is shut. */
const READERS = ["VipsForeignLoadPng", "VipsForeignLoadJpeg", "VipsForeignLoadWebp"];

/** A camera's picture passes; what is larger is a small file that fills the memory (ATK-61). */
const PIXELS_MAX = 32_000_000;
const DRAWING_SECONDS_MAX = 5;
/** Each may hold as much memory as its picture has pixels. */
const AT_ONCE_MAX = 2;
const WAITING_MAX = 8;
const QUALITY = 82;

/** Why a file becomes no picture; `busy` passes by itself. */
export type Unfit = "not-a-picture" | "too-many-pixels" | "broken" | "busy";

export type Redrawn = { outcome: "redrawn"; webp: Uint8Array<ArrayBuffer> } | { outcome: Unfit };

/** Loaded when the first picture comes: a machine without its binary starts all the same. */
async function load() {
  const { default: sharp } = await import("sharp");
  sharp.block({ operation: ["VipsForeignLoad"] });
  sharp.unblock({ operation: READERS });
  // A picture is drawn once; there is nothing to keep of it.
  sharp.cache(false);
  return sharp;
}

/**
 * Draws a file anew, so that of what was sent nothing is left but what can be seen: no position, no
 * camera, no second file behind the first. A WebP, a square of `side` pixels cut from the middle.
 * Only PNG, JPEG and WebP are opened, and only where they begin as such. Of what moves, the first
 * picture. Broken or cut-off files are no pictures.
 */
export async function redrawSquare(bytes: Uint8Array, side: number): Promise<Redrawn> {
  return redraw(bytes, (picture) => picture.resize(side, side, { fit: "cover" }));
}

/** The same of the whole picture, with what of it one can see through, and no larger than the box. */
export async function redrawWithin(
  bytes: Uint8Array,
  box: { width: number; height: number },
): Promise<Redrawn> {
  return redraw(bytes, (picture) =>
    picture.resize({ ...box, fit: "inside", withoutEnlargement: true }),
  );
}

async function redraw(bytes: Uint8Array, shape: (picture: Sharp) => Sharp): Promise<Redrawn> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!BEGINNINGS.some((begins) => begins(file))) return { outcome: "not-a-picture" };
  const slots = processSingleton("redrawing", () => ({
    running: 0,
    waiting: [] as (() => void)[],
  }));
  if (slots.running < AT_ONCE_MAX) slots.running += 1;
  else if (slots.waiting.length >= WAITING_MAX) return { outcome: "busy" };
  else await new Promise<void>((resolve) => slots.waiting.push(resolve));
  try {
    return await draw(file, shape);
  } finally {
    const next = slots.waiting.shift();
    if (next) next();
    else slots.running -= 1;
  }
}

async function draw(file: Buffer, shape: (picture: Sharp) => Sharp): Promise<Redrawn> {
  const sharp = await processSingleton("picture-library", load);
  try {
    // The head of the file alone: nothing of its pixels is unpacked yet.
    const head = await sharp(file, { limitInputPixels: false }).metadata();
    if (head.width * head.height > PIXELS_MAX) return { outcome: "too-many-pixels" };
    const picture = sharp(file, {
      limitInputPixels: PIXELS_MAX,
      failOn: "error",
      pages: 1,
      sequentialRead: true,
    });
    const drawn = await shape(picture.autoOrient().timeout({ seconds: DRAWING_SECONDS_MAX }))
      .webp({ quality: QUALITY })
      .toBuffer();
    return { outcome: "redrawn", webp: new Uint8Array(drawn) };
  } catch {
    // Whatever the library has against it, it is about the file.
    return { outcome: "broken" };
  }
}
