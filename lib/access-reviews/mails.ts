import "server-only";
import { getConfig } from "@/lib/platform/config";
import type { MailContent } from "@/lib/platform/mail/render-mail";

interface Asked {
  id: string;
  name: string;
  dueAt: Date;
  count: number;
}

const factsOf = ({ name, dueAt, count }: Asked): [string, string][] => [
  ["Review", name],
  ["Yours to answer", String(count)],
  ["Due", `${dueAt.toISOString().slice(0, 16).replace("T", " ")} UTC`],
];

const actionOf = ({ id }: Asked): MailContent["action"] => ({
  label: "Answer the review",
  url: new URL(`/admin/reviews/${id}`, getConfig().appUrl).href,
});

export const reviewStartedMail = (asked: Asked): MailContent => ({
  subject: "You are asked who should keep their access",
  paragraphs: [
    "Look at each grant, and say whether it is kept or revoked. What is revoked ends at once.",
    "What nobody has answered by then is revoked.",
  ],
  facts: factsOf(asked),
  action: actionOf(asked),
});

export const reviewDueMail = (asked: Asked): MailContent => ({
  subject: "An access review is due within a day",
  paragraphs: [
    "Some grants still wait for your answer. What nobody has answered when the review is due is revoked.",
  ],
  facts: factsOf(asked),
  action: actionOf(asked),
});
