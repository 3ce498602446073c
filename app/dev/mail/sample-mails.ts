import {
  accessDecidedMail,
  accessRequestedMail,
  breakGlassMail,
} from "@/lib/access-requests/mails";
import { reviewDueMail, reviewStartedMail } from "@/lib/access-reviews/mails";
import {
  confirmNewAddressMail,
  confirmOldAddressMail,
  emailChangedMail,
  newAddressTakenMail,
} from "@/lib/authn/email-change-mails";
import {
  addressTakenMail,
  confirmEmailMail,
  factorChangedMail,
  factorsResetMail,
  identityLinkedMail,
  invitationMail,
  newDeviceMail,
  noAccountMail,
  organizationInvitationMail,
  passwordChangedMail,
  resetPasswordMail,
} from "@/lib/authn/mails";
import {
  noSuchAccountMail,
  signInCodeMail,
  signInLinkMail,
} from "@/lib/credentials/email-code/mails";
import { impersonatedMail } from "@/lib/impersonation/mails";
import { tokenReusedMail } from "@/lib/oidc/mails";
import {
  accountErasedMail,
  deletionCancelledMail,
  deletionRequestedMail,
} from "@/lib/personal-data/deletion-mails";
import { tokenCreatedMail } from "@/lib/personal-tokens/mails";
import { translatorFor } from "@/lib/platform/locale/translator";
import type { MailDraft } from "@/lib/platform/mail/mail-draft";
import { type RenderedMail, renderMail } from "@/lib/platform/mail/render-mail";
import { DEFAULT_LOCALE, type Locale } from "@/lib/shared/locale";
import { addressChangedMail } from "@/lib/users/mails";
import { webhookSwitchedOffMail } from "@/lib/webhooks/mails";

const SECRET = "this-link-is-a-sample-and-opens-nothing-at-all";

const WISH = {
  user: "ada@example.com",
  role: "Bookkeeper",
  organization: "Default",
  seconds: 7200,
  reason: "Close the books of October.",
};

const REVIEW = {
  id: "00000000-0000-4000-8000-000000000000",
  name: "Autumn",
  dueAt: new Date("2026-11-01T12:00:00Z"),
  count: 12,
};

/** Every kind of mail, with made-up contents. */
export const SAMPLE_MAILS: ReadonlyMap<string, () => MailDraft> = new Map([
  ["confirm-email", () => confirmEmailMail(SECRET)],
  ["deletion-requested", () => deletionRequestedMail(new Date("2026-12-14T12:00:00Z"), SECRET)],
  ["deletion-cancelled", () => deletionCancelledMail()],
  ["account-erased", () => accountErasedMail()],
  ["address-taken", () => addressTakenMail()],
  ["invitation", () => invitationMail(SECRET)],
  [
    "organization-invitation",
    () => organizationInvitationMail("Northwind", "ada@example.com", SECRET),
  ],
  ["sign-in-code", () => signInCodeMail("408132")],
  ["sign-in-link", () => signInLinkMail(SECRET)],
  ["no-such-account", () => noSuchAccountMail()],
  ["reset-password", () => resetPasswordMail(SECRET)],
  ["no-account", () => noAccountMail()],
  ["password-changed", () => passwordChangedMail()],
  [
    "factor-changed",
    () => factorChangedMail({ factor: "passkey", change: "added", label: "Ada's telephone" }),
  ],
  ["identity-linked", () => identityLinkedMail("Google")],
  ["factors-reset", () => factorsResetMail()],
  ["new-device", () => newDeviceMail("Firefox on Linux", "192.0.2.7", SECRET)],
  ["email-change-old", () => confirmOldAddressMail("ada@example.net", SECRET)],
  ["email-change-new", () => confirmNewAddressMail(SECRET)],
  ["new-address-taken", () => newAddressTakenMail()],
  ["email-changed", () => emailChangedMail("ada@example.net", SECRET)],
  ["address-changed", () => addressChangedMail()],
  ["access-requested", () => accessRequestedMail(WISH)],
  [
    "access-decided",
    () => accessDecidedMail("approved", { ...WISH, note: "" }, new Date("2026-11-01T12:00:00Z")),
  ],
  [
    "impersonated",
    () =>
      impersonatedMail({
        organizationName: "Northwind",
        reason: "Your question about the invoice of October.",
        startedAt: new Date("2026-11-01T12:00:00Z"),
        endedAt: new Date("2026-11-01T12:09:00Z"),
      }),
  ],
  ["break-glass", () => breakGlassMail(WISH)],
  ["access-review-started", () => reviewStartedMail(REVIEW)],
  ["access-review-due", () => reviewDueMail(REVIEW)],
  ["token-reused", () => tokenReusedMail("Shop")],
  ["personal-token-created", () => tokenCreatedMail("Deploy from CI", ["api:read", "api:write"])],
  [
    "webhook-switched-off",
    () => webhookSwitchedOffMail("00000000-0000-4000-8000-000000000000", "Billing", "failing"),
  ],
]);

/** Under this name the preview shows a sample instead of a mail. */
export const SAMPLE_PREFIX = "sample-";

/** A sample in the language of whoever looks at it. */
export async function renderSample(
  draft: () => MailDraft,
  locale: Locale | undefined = DEFAULT_LOCALE,
): Promise<RenderedMail> {
  return renderMail(draft()(await translatorFor(locale, "mail"), locale), locale);
}
