import type { Translator } from "@/lib/platform/locale/translator";
import "server-only";
import { getConfig } from "@/lib/platform/config";
import type { MailDraft } from "@/lib/platform/mail/mail-draft";

interface Asked {
  id: string;
  name: string;
  dueAt: Date;
  count: number;
}

const factsOf = ({ name, dueAt, count }: Asked, t: Translator<"mail">): [string, string][] => [
  [t("facts.review"), name],
  [t("facts.yours"), String(count)],
  [t("facts.due"), `${dueAt.toISOString().slice(0, 16).replace("T", " ")} UTC`],
];

const addressOf = ({ id }: Asked): string =>
  new URL(`/admin/reviews/${id}`, getConfig().appUrl).href;

export const reviewStartedMail =
  (asked: Asked): MailDraft =>
  (t) => ({
    subject: t("review.started"),
    paragraphs: [t("review.startedText"), t("review.unanswered")],
    facts: factsOf(asked, t),
    action: { label: t("review.action"), url: addressOf(asked) },
  });

export const reviewDueMail =
  (asked: Asked): MailDraft =>
  (t) => ({
    subject: t("review.dueSoon"),
    paragraphs: [t("review.dueText")],
    facts: factsOf(asked, t),
    action: { label: t("review.action"), url: addressOf(asked) },
  });
