import type { Translator } from "@/lib/platform/locale/translator";
import type { Locale } from "@/lib/shared/locale";
import "server-only";
import { durationWords } from "@/lib/access-requests/duration-words";
import { getConfig } from "@/lib/platform/config";
import type { MailDraft } from "@/lib/platform/mail/mail-draft";

interface Wish {
  /** The address of who asks. */
  user: string;
  role: string;
  organization: string;
  seconds: number;
  reason: string;
}

const page = (path: string): string => new URL(path, getConfig().appUrl).href;

// Typed by whoever asks: shown apart, where it cannot pass for a sentence of ours.
const factsOf = (
  { user, role, organization, seconds, reason }: Wish,
  t: Translator<"mail">,
  locale: Locale,
): [string, string][] => [
  [t("facts.who"), user],
  [t("facts.role"), role],
  [t("facts.organization"), organization],
  [t("facts.forTime"), durationWords(seconds, locale)],
  [t("facts.reason"), reason],
];

/** To those who can answer. */
export const accessRequestedMail =
  (wish: Wish): MailDraft =>
  (t, locale) => ({
    subject: t("accessRequested.subject"),
    paragraphs: [t("accessRequested.first")],
    facts: factsOf(wish, t, locale),
    action: { label: t("accessRequested.action"), url: page("/admin/requests") },
  });

/** To whoever asked. */
export const accessDecidedMail =
  (
    decision: "approved" | "denied",
    { role, organization, note }: { role: string; organization: string; note: string },
    until: Date | null,
  ): MailDraft =>
  (t) => ({
    subject: t(`accessDecided.${decision}`),
    paragraphs: [t(`accessDecided.${decision}Text`)],
    facts: [
      [t("facts.role"), role],
      [t("facts.organization"), organization],
      ...(until === null
        ? []
        : [[t("facts.until"), `${until.toISOString().slice(0, 16)} UTC`] as [string, string]]),
      ...(note === "" ? [] : [[t("facts.note"), note] as [string, string]]),
    ],
    action: { label: t("accessDecided.action"), url: page("/account/requests") },
  });

/** To those who can approve requests: nobody did this one. */
export const breakGlassMail =
  (wish: Wish): MailDraft =>
  (t, locale) => ({
    subject: t("breakGlass.subject"),
    paragraphs: [t("breakGlass.first"), t("breakGlass.second")],
    facts: factsOf(wish, t, locale),
    action: { label: t("breakGlass.action"), url: page("/admin/requests") },
  });
