import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type MailContent, renderMail } from "@/lib/platform/mail/render-mail";
import { accentOf } from "@/lib/shared/accent";

// Names, labels and addresses in mails were typed by somebody who is not their reader.

beforeAll(() => {
  vi.stubEnv("DATABASE_URL", "postgresql://nobody@127.0.0.1/none");
  vi.stubEnv("AUTH_SECRET", "a-secret-that-only-tests-use-0123456789");
  vi.stubEnv("DATA_ENCRYPTION_KEYS", "b".repeat(43));
  vi.stubEnv("APP_URL", "https://id.example.com");
});
afterAll(() => {
  vi.unstubAllEnvs();
});

const URL_OF_ACTION = "https://id.example.com/verify-email?token=a&b=c";
const aMail = (content: Partial<MailContent> = {}): MailContent => ({
  subject: "Confirm your email address",
  paragraphs: ["Somebody signed up.", "Confirm it within 24 hours."],
  code: "408132",
  facts: [["Name", "Telephone"]],
  action: { label: "Confirm", url: URL_OF_ACTION },
  closing: "Never tell it to anybody.",
  ...content,
});

const decoded = (html: string): string =>
  html
    .replace(/<style>[\s\S]*?<\/style>|<title>[\s\S]*?<\/title>/g, "")
    .replace(/<[^>]*>/g, "\n")
    .replace(/&#x27;/g, "'")
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&amp;/g, "&");

test("both parts of a mail say the same, and where it is from", async () => {
  const { text, html } = await renderMail(aMail());
  const seen = decoded(html);
  for (const said of [
    "Somebody signed up.",
    "Confirm it within 24 hours.",
    "408132",
    "Telephone",
    "Confirm",
    URL_OF_ACTION,
    "Never tell it to anybody.",
    "an account at id.example.com",
  ]) {
    expect(text).toContain(said);
    expect(seen).toContain(said);
  }
  expect(html).toContain("Confirm your email address</h1>");
});

test("a mail is a whole document in one language with one button and its address beside it", async () => {
  const { html } = await renderMail(aMail());
  expect(html).toMatch(/^<!doctype html><html[^>]* lang="en"/);
  expect(html.match(/<a [^>]*>/g)).toHaveLength(2);
  for (const anchor of html.match(/<a [^>]*>/g) ?? []) {
    expect(anchor).toContain(`href="${URL_OF_ACTION.replace("&", "&amp;")}"`);
  }
  for (const table of html.match(/<table [^>]*>/g) ?? []) {
    expect(table).toContain('role="presentation"');
  }
  expect(html).toContain('<meta name="color-scheme" content="light dark"/>');
  expect(html).toContain("@media (prefers-color-scheme: dark)");
});

test("a mail fetches nothing, so nobody learns when it is read", async () => {
  const { html } = await renderMail(aMail());
  expect(html).not.toMatch(/<(img|link|script|iframe|object|video|form)\b|url\(|@import|\ssrc=/i);
  const origins = (html.match(/https?:\/\/[^\s"<]+/g) ?? []).map((found) => new URL(found).origin);
  expect(new Set(origins)).toEqual(new Set(["https://id.example.com"]));
});

const HOSTILE = [
  "<script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "</title></style></td></table><iframe src=//evil.example>",
  "' onmouseover='alert(1)",
  "<!--[if mso]><b>x</b><![endif]-->",
  "&lt;script&gt;alert(1)&lt;/script&gt;",
  "{{constructor.constructor('alert(1)')()}}",
];

test.each(HOSTILE)(
  "what somebody typed stays text wherever it stands: %s (ATK-65)",
  async (typed) => {
    const plain = await renderMail(aMail({ heading: "Hello" }));
    const { html, text } = await renderMail(
      aMail({
        subject: typed,
        heading: typed,
        paragraphs: [typed, "Confirm it within 24 hours."],
        code: typed,
        facts: [["Name", typed]],
        action: { label: typed, url: URL_OF_ACTION },
        closing: typed,
      }),
    );
    const tags = (of: string) => (of.match(/<[a-z!/][^>]*>/gi) ?? []).map((tag) => tag.slice(0, 8));
    expect(tags(html)).toEqual(tags(plain.html));
    expect(decoded(html)).toContain(typed);
    expect(text).toContain(typed);
  },
);

test("a brand is a name and a colour that can be read, and fetches nothing (F134)", async () => {
  const { html, text } = await renderMail(aMail(), "en", { name: "Northwind", accent: "#ffd400" });
  const { light, dark } = accentOf("#ffd400");
  expect(decoded(html)).toContain("Northwind");
  expect(decoded(html)).not.toContain("Gatehouse");
  expect(text).toContain("-- \nNorthwind\nYou got this mail");
  expect(html).toContain(`background-color:${light.accent}`);
  expect(html).toContain(`.on-accent { background-color: ${dark.accent} !important`);
  expect(html).not.toMatch(/<(img|link|script|iframe|object|video|form)\b|url\(|@import|\ssrc=/i);
});

test("without a brand a mail is as the installation is", async () => {
  const { html, text } = await renderMail(aMail());
  expect(decoded(html)).toContain("Gatehouse");
  expect(text).toContain("-- \nYou got this mail");
  expect(await renderMail(aMail(), "en", { name: "Gatehouse", accent: null })).toMatchObject({
    html,
  });
});

test.each([...HOSTILE, "Northwind\r\nBcc: thief@example.com", "\u202emoc.elpmaxe"])(
  "a brand's name is text on one line, and in no header: %s (ATK-10, ATK-65)",
  async (name) => {
    const plain = await renderMail(aMail(), "en", { name: "Northwind", accent: null });
    const { html, text, subject } = await renderMail(aMail(), "en", { name, accent: null });
    const tags = (of: string) => (of.match(/<[a-z!/][^>]*>/gi) ?? []).map((tag) => tag.slice(0, 8));
    expect(tags(html)).toEqual(tags(plain.html));
    expect(subject).toBe(plain.subject);
    expect(text.split("\n")).toHaveLength(plain.text.split("\n").length);
    expect(`${text}${html}`).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
  },
);

test.each(["\r\n", "\n", "\r", "\u2028", "\u2029", "\u0085", "\0", "\v"])(
  "a subject is one line, also with %j in it (ATK-10)",
  async (separator) => {
    const typed = `Hello${separator}Bcc: thief@example.com${separator}`;
    const { subject, text } = await renderMail(aMail({ subject: typed, paragraphs: [typed] }));
    expect(subject).toBe("Hello Bcc: thief@example.com");
    expect(text.split("\n")[0]).toBe("Hello Bcc: thief@example.com");
  },
);

test("a name cannot turn around what follows it", async () => {
  const mail = await renderMail(aMail({ facts: [["Name", "\u202emoc.elpmaxe\u2066 x"]] }));
  expect(mail.text).toContain("Name: moc.elpmaxe x");
  expect(`${mail.text}${mail.html}`).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
});

test.each([
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  " java\nscript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "vbscript:x",
  "file:///etc/passwd",
  "//evil.example",
  "/verify-email",
])("a button to %j is refused (ATK-65)", async (url) => {
  await expect(renderMail(aMail({ action: { label: "Confirm", url } }))).rejects.toThrow(
    /must not link to|Invalid URL/,
  );
});

test("an address cannot leave its attribute", async () => {
  const url = `https://id.example.com/"onclick="alert(1)\r\n<b>`;
  const { html, text } = await renderMail(aMail({ action: { label: "Confirm", url } }));
  expect(html).not.toMatch(/\sonclick=|<b>/);
  expect(text).toContain("https://id.example.com/%22onclick=%22alert(1)%3Cb%3E");
});
