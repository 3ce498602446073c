import "server-only";

const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const VALUE = /^[\x20-\x7e]+$/;

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text.trim());
  } catch {
    return null;
  }
}

/** `name=value,name=value`, with values as in a URL (OTLP exporter specification); null for what is not written so. */
export function collectorHeadersOf(text: string): Record<string, string> | null {
  const headers: Record<string, string> = {};
  for (const part of text.split(",").filter((entry) => entry.trim() !== "")) {
    const at = part.indexOf("=");
    const name = part.slice(0, Math.max(at, 0)).trim();
    const value = decode(part.slice(at + 1));
    if (!NAME.test(name) || value === null || !VALUE.test(value)) return null;
    headers[name.toLowerCase()] = value;
  }
  return headers;
}
