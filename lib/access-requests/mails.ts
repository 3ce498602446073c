import "server-only";
import { durationWords } from "@/lib/access-requests/duration-words";
import { getConfig } from "@/lib/platform/config";
import type { MailContent } from "@/lib/platform/mail/render-mail";

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
const factsOf = ({ user, role, organization, seconds, reason }: Wish): [string, string][] => [
  ["Who", user],
  ["Role", role],
  ["Organization", organization],
  ["For", durationWords(seconds)],
  ["Reason", reason],
];

/** To those who can answer. */
export const accessRequestedMail = (wish: Wish): MailContent => ({
  subject: "Somebody asks for a role",
  paragraphs: ["Somebody asks for a role for some time, and you can approve or deny it."],
  facts: factsOf(wish),
  action: { label: "Answer the request", url: page("/admin/requests") },
});

/** To whoever asked. */
export const accessDecidedMail = (
  decision: "approved" | "denied",
  { role, organization, note }: { role: string; organization: string; note: string },
  until: Date | null,
): MailContent => ({
  subject: decision === "approved" ? "You have the role for a time" : "Your request was denied",
  paragraphs: [
    decision === "approved"
      ? "Your request for a role was approved. It holds from now on and ends by itself."
      : "Your request for a role was denied. You can ask again with another reason.",
  ],
  facts: [
    ["Role", role],
    ["Organization", organization],
    ...(until === null
      ? []
      : [["Until", `${until.toISOString().slice(0, 16)} UTC`] as [string, string]]),
    ...(note === "" ? [] : [["Note", note] as [string, string]]),
  ],
  action: { label: "See your requests", url: page("/account/requests") },
});

/** To those who can approve requests: nobody did this one. */
export const breakGlassMail = (wish: Wish): MailContent => ({
  subject: "Somebody broke the glass",
  paragraphs: [
    "Somebody gave themselves a role for emergencies. Nobody was asked before; somebody other than them has to look at it now.",
    "If there is no emergency, end it at once.",
  ],
  facts: factsOf(wish),
  action: { label: "Look at it", url: page("/admin/requests") },
});
