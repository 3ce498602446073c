import "server-only";
import type { Reply } from "@/lib/platform/http/reply";

/** Whatever a browser takes it for, nothing in it may run: a picture is a file that somebody sent. */
const INERT = { "content-security-policy": "sandbox; default-src 'none'; frame-ancestors 'none'" };

const EXTENSIONS = { "image/webp": "picture.webp", "text/css; charset=utf-8": "accent.css" };

async function* onePiece(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}

/**
 * Content whose address never means another, so that it may be kept for good: by the browser of
 * whoever may see it (`private`), or by what is between as well (`public`). `name` is what tells it apart.
 */
export function keptReply(
  content: Uint8Array,
  { type, name, by }: { type: keyof typeof EXTENSIONS; name: string; by: "private" | "public" },
  ifNoneMatch: string | null,
): Reply {
  const kept = { etag: `"${name}"`, "cache-control": `${by}, max-age=31536000, immutable` };
  if (ifNoneMatch?.split(",").some((tag) => tag.trim().replace(/^W\//, "") === kept.etag)) {
    return { status: 304, headers: kept, body: null };
  }
  return {
    status: 200,
    headers: {
      "content-type": type,
      "content-length": String(content.byteLength),
      "content-disposition": `inline; filename="${EXTENSIONS[type]}"`,
      ...kept,
      ...INERT,
    },
    body: null,
    stream: onePiece(content),
  };
}
