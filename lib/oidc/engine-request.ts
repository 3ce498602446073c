import "server-only";

export const BODY_BYTES_MAX = 56 * 1024;

/** The engine's router knows neither case nor a slash at the end. */
export function routed(path: string): string {
  let end = path.length;
  while (path.charAt(end - 1) === "/") end -= 1;
  return path.slice(0, end).toLowerCase();
}

/** The body of a request; null when it is longer than anything that is expected. */
export async function readText(request: AsyncIterable<Buffer>): Promise<string | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.byteLength;
    if (length > BODY_BYTES_MAX) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** The fields of a form, or null when it is too long. */
export async function readForm(request: AsyncIterable<Buffer>): Promise<URLSearchParams | null> {
  const text = await readText(request);
  return text === null ? null : new URLSearchParams(text);
}
