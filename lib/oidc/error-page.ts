import "server-only";
import { createHash } from "node:crypto";
import type { KoaContextWithOIDC } from "oidc-provider";

const STYLE = `:root{color-scheme:light dark}
body{font:1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1.5rem}
h1{font-size:1.375rem}code{overflow-wrap:anywhere}p{margin:.75rem 0}`;

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (char) => ESCAPES[char] ?? "");

/**
 * What a person sees when an app sent them here with a request that cannot be
 * answered back to it: to an address that is not registered nothing is sent.
 */
export function renderErrorPage(
  ctx: KoaContextWithOIDC,
  out: { error: string; error_description?: string | undefined },
): void {
  ctx.type = "html";
  ctx.set("content-security-policy", CONTENT_SECURITY_POLICY);
  const description = escapeHtml(out.error_description ?? "");
  ctx.body = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>This request cannot be answered · Gatehouse</title><style>${STYLE}</style></head>
<body><main><h1>This request cannot be answered</h1>
<p>The app that sent you here asked for something that it may not ask for, or the request is too old.
Go back to the app and try again. If this stays so, tell the people who run the app:</p>
<p><code>${escapeHtml(out.error)}${description && `: ${description}`}</code></p></main></body></html>`;
}
