import "server-only";
import { createHash } from "node:crypto";
import type { KoaContextWithOIDC } from "oidc-provider";

/** The colours of app/globals.css: this page is the engine's, and loads nothing. */
const STYLE = `:root{color-scheme:light dark;
--paper:light-dark(oklch(.972 .009 88),oklch(.19 .007 70));
--surface:light-dark(oklch(.992 .004 80),oklch(.226 .009 65));
--line:light-dark(oklch(.892 .013 84),oklch(.32 .011 70));
--ink:light-dark(oklch(.238 .014 65),oklch(.938 .009 85));
--soft:light-dark(oklch(.418 .016 68),oklch(.772 .012 80));
--accent:light-dark(oklch(.43 .079 203),oklch(.77 .083 194))}
body{margin:0;padding:1.5rem;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
header{display:flex;align-items:center;gap:.625rem;font-weight:600}
svg{width:1.5rem;height:1.5rem}
main{max-width:34rem;margin:12vh auto;padding:2rem;border:1px solid var(--line);border-radius:.75rem;background:var(--surface)}
h1{margin:0;font-size:1.375rem}
p{margin:.75rem 0 0;color:var(--soft)}
dl{margin:1rem 0 0;padding-top:1rem;border-top:1px solid var(--line);font-size:.875rem}
dt{color:var(--soft)}dd{margin:0 0 .5rem;overflow-wrap:anywhere;font-family:ui-monospace,monospace}
a{color:var(--accent)}`;

const MARK = `<svg aria-hidden="true" viewBox="0 0 24 24"><path fill="var(--accent)" fill-rule="evenodd" d="M3 21V11a9 9 0 0 1 18 0v10h-4.25V11a4.75 4.75 0 0 0-9.5 0v10H3Z"/><path fill="var(--accent)" opacity=".45" d="M9 21V11.6l4.25-2.35V21H9Z"/><path fill="var(--ink)" d="M1.5 22h21v1.25h-21z"/></svg>`;

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (char) => ESCAPES[char] ?? "");

const FACT_LENGTH_MAX = 500;

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
  // What was sent, so that whoever sets the app up sees what differs from what is registered.
  const { client_id, redirect_uri } = ctx.oidc.params ?? {};
  const facts: [term: string, value: unknown][] = [
    ["Error", out.error],
    ["What is wrong", out.error_description],
    ["Client", client_id],
    ["Address that was sent", redirect_uri],
  ];
  const list = facts
    .map(([term, value]) =>
      typeof value === "string"
        ? `<dt>${term}</dt><dd>${escapeHtml(value.slice(0, FACT_LENGTH_MAX))}</dd>`
        : "",
    )
    .join("");
  ctx.body = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>This request cannot be answered · Gatehouse</title><style>${STYLE}</style></head>
<body><header>${MARK}Gatehouse</header><main><h1>This request cannot be answered</h1>
<p>The app that sent you here asked for something that it may not ask for, or the request is too old.
Go back to the app and try again. If this stays so, tell this to the people who run the app:</p>
<dl>${list}</dl></main></body></html>`;
}
