import "server-only";

export interface MailContent {
  subject: string;
  /** Plain sentences; everything is escaped. */
  paragraphs: string[];
  action?: { label: string; url: string };
  closing?: string;
}

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Names and addresses come from strangers: a mail is no place for their markup (ATK-65). */
const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");

/** One line: a header must not be continued by what somebody typed. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim();

/** Renders both parts of a mail from one content, so that they say the same. */
export function renderMail(content: MailContent): {
  subject: string;
  text: string;
  html: string;
} {
  const { paragraphs, action, closing } = content;
  const text = [
    ...paragraphs,
    ...(action ? [`${action.label}:\n${action.url}`] : []),
    ...(closing ? [closing] : []),
  ].join("\n\n");
  const paragraph = (line: string) => `<p style="margin:0 0 16px">${escapeHtml(line)}</p>`;
  const button = action
    ? `<p style="margin:24px 0"><a href="${escapeHtml(action.url)}" style="background:#1f4d3f;color:#ffffff;padding:12px 20px;border-radius:6px;text-decoration:none;display:inline-block">${escapeHtml(action.label)}</a></p><p style="margin:0 0 16px;color:#5c5c57;font-size:13px;word-break:break-all">${escapeHtml(action.url)}</p>`
    : "";
  const html = `<!doctype html><html lang="en"><body style="margin:0;padding:32px;background:#faf9f6;color:#1d1d1b;font:16px/1.5 system-ui,sans-serif"><div style="max-width:480px;margin:0 auto">${paragraphs.map(paragraph).join("")}${button}${closing ? paragraph(closing) : ""}</div></body></html>`;
  return { subject: oneLine(content.subject), text, html };
}
