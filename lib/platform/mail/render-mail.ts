import { translatorFor } from "@/lib/platform/locale/translator";
import { DEFAULT_LOCALE, type Locale } from "@/lib/shared/locale";
import "server-only";
import { render } from "@react-email/render";
import { createElement } from "react";
import { getConfig } from "@/lib/platform/config";
import type { MailBrand } from "@/lib/platform/mail/brand-store";
import { MailLayout } from "@/lib/platform/mail/mail-layout";
import { type MailAccent, OWN_ACCENT } from "@/lib/platform/mail/mail-style";
import { accentOf, type Scheme } from "@/lib/shared/accent";

export interface MailContent {
  subject: string;
  /** Stands over the text; the subject when left out. */
  heading?: string;
  /** Plain sentences; everything is escaped. */
  paragraphs: string[];
  /** Something to be typed elsewhere, shown large. */
  code?: string;
  facts?: [label: string, value: string][];
  action?: { label: string; url: string };
  closing?: string;
}

/** What every mail says around its content. */
export interface MailFrame {
  locale: Locale;
  /** Why it was sent. */
  reason: string;
  ifButton: string;
  /** What stands over the mail. */
  name: string;
  accent: Record<Scheme, MailAccent>;
}

export interface RenderedMail {
  subject: string;
  text: string;
  html: string;
}

/**
 * One line that runs in the direction it seems to: what somebody typed neither continues a
 * header (ATK-10), nor looks like a paragraph of ours, nor turns around what follows it.
 */
const oneLine = (text: string): string =>
  text
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, "")
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .trim();

/** A button leads to a page and nowhere else, whatever made its address (ATK-65). */
function pageAddress(url: string): string {
  const { protocol, href } = new URL(url);
  if (protocol !== "https:" && protocol !== "http:") {
    throw new Error(`a mail must not link to ${protocol}`);
  }
  return href;
}

function cleaned({ code, facts, action, ...content }: MailContent): MailContent {
  return {
    subject: oneLine(content.subject),
    ...(content.heading !== undefined && { heading: oneLine(content.heading) }),
    paragraphs: content.paragraphs.map(oneLine),
    ...(code !== undefined && { code: oneLine(code) }),
    ...(facts && { facts: facts.map(([label, value]) => [oneLine(label), oneLine(value)]) }),
    ...(action && { action: { label: oneLine(action.label), url: pageAddress(action.url) } }),
    ...(content.closing !== undefined && { closing: oneLine(content.closing) }),
  };
}

const textOf = (content: MailContent, signature: string): string => {
  const { paragraphs, code, facts = [], action, closing } = content;
  return [
    ...paragraphs,
    ...(code === undefined ? [] : [code]),
    ...(facts.length === 0 ? [] : [facts.map((fact) => fact.join(": ")).join("\n")]),
    ...(action ? [`${action.label}:\n${action.url}`] : []),
    ...(closing === undefined ? [] : [closing]),
    // What mail programs know as the end of the message.
    `-- \n${signature}`,
  ].join("\n\n");
};

/**
 * Renders both parts of a mail from one content, so that they say the same. Names and
 * addresses in it come from strangers: their markup stays text (ATK-65). A brand is one of those names
 * and a colour, which is shown where it can be read (F134).
 */
export async function renderMail(
  content: MailContent,
  locale: Locale = DEFAULT_LOCALE,
  brand: MailBrand | null = null,
): Promise<RenderedMail> {
  const clean = cleaned(content);
  const { host } = getConfig().appUrl;
  const t = await translatorFor(locale, "mail.frame");
  const reason = t("reason", { host });
  const name = brand === null ? null : oneLine(brand.name);
  const frame = {
    locale,
    reason,
    ifButton: t("ifButton"),
    name: name ?? "Gatehouse",
    accent: brand?.accent ? accentOf(brand.accent) : OWN_ACCENT,
  };
  const html = await render(createElement(MailLayout, { content: clean, frame }));
  return {
    subject: clean.subject,
    text: textOf(clean, name === null ? reason : `${name}\n${reason}`),
    // The one that comes with it puts old rules of layout in force, and names a foreign host.
    html: html.replace(/^<!DOCTYPE[^>]*>/, "<!doctype html>"),
  };
}
