import type { NextRequest } from "next/server";
import { renderSample, SAMPLE_MAILS, SAMPLE_PREFIX } from "@/app/dev/mail/sample-mails";
import { SECURITY_HEADERS } from "@/lib/edge/security-headers";
import { askedHost, localeFrom } from "@/lib/platform/http/lane";
import { findReadableMailHtml, mayReadMails } from "@/lib/platform/mail/readable-mail";
import type { Locale } from "@/lib/shared/locale";

/**
 * A mail has its styles in its elements, which the policy of a page forbids. So it is a
 * document of its own: with styles, without an origin, and able to fetch, run, send or
 * open nothing.
 */
const HEADERS = {
  ...SECURITY_HEADERS,
  "content-type": "text/html; charset=utf-8",
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox",
  "x-frame-options": "SAMEORIGIN",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "cache-control": "private, no-store",
};

async function htmlOf(host: string | null, id: string, locale: Locale): Promise<string | null> {
  const sample = id.startsWith(SAMPLE_PREFIX)
    ? SAMPLE_MAILS.get(id.slice(SAMPLE_PREFIX.length))
    : undefined;
  if (sample === undefined) return findReadableMailHtml(host, id);
  return mayReadMails(host) ? (await renderSample(sample, locale)).html : null;
}

/** What a mail looks like, where mails may be read at all: the page beside frames it. */
export async function GET(
  request: NextRequest,
  { params }: { params: Promise<{ id: string }> },
): Promise<Response> {
  const { id } = await params;
  const header = (name: string) => request.headers.get(name);
  const html = await htmlOf(askedHost(header), id, localeFrom(header));
  return new Response(html, { status: html === null ? 404 : 200, headers: HEADERS });
}
