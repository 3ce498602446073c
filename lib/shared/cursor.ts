import { z } from "zod";

/** Longer than any cursor of ours: 200 characters of four bytes each, and a few scalars. */
const LENGTH_MAX = 2_000;

/** Text in a cursor that a query may carry: a NUL or half a surrogate pair is an error of the database. */
export const CursorText = z
  .string()
  .regex(/^\P{Cc}*$/u)
  .refine((text) => text.isWellFormed());

/** An instant in a cursor. PostgreSQL has no year 0, and nothing of ours is that old. */
export const CursorTime = z.iso.datetime().refine((text) => Date.parse(text) >= 0);

/**
 * A place in a sorted list as opaque text, fit for a URL. It is not a secret and
 * not a permission: whoever decodes it filters by what the reader may see, again.
 */
export function encodeCursor(values: unknown): string {
  const bytes = new TextEncoder().encode(JSON.stringify(values));
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

/** What {@link encodeCursor} was given, when it fits the schema; null for any other text. */
export function decodeCursor<S extends z.ZodType>(text: string, schema: S): z.output<S> | null {
  if (text.length > LENGTH_MAX || !/^[A-Za-z0-9_-]+$/.test(text)) return null;
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    const json = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    const parsed = schema.safeParse(JSON.parse(json));
    return parsed.success ? parsed.data : null;
  } catch {
    // Not base64, not UTF-8 or not JSON: not a cursor.
    return null;
  }
}
