import {
  FLASH_COOKIE,
  INVITATION_ACCEPTED,
  RECOVERY_CODE_USED,
  readFlash,
  SECOND_FACTOR_ADDED,
} from "@/app/_http/flash";
import { Callout } from "@/components/ui/callout";
import { SpentFlash } from "@/components/ui/spent-flash";
import { TextLink } from "@/components/ui/text-link";

/** What somebody should know who has just come in, wherever they arrive. */
export async function ArrivalNotice({ organization }: { organization: string }) {
  const flash = await readFlash();
  switch (flash?.event) {
    case RECOVERY_CODE_USED:
      return (
        <Callout
          tone="warning"
          role="status"
          className="mb-6"
          title={`You confirmed with a recovery code: ${leftWords(flash.label)}`}
          action={<TextLink href="/account/security">Review your security</TextLink>}
        >
          <SpentFlash cookie={FLASH_COOKIE} />
          <p>
            If your app, telephone or key is lost, remove it from your account and set up another,
            so that nobody signs in with what they find.
          </p>
        </Callout>
      );
    case SECOND_FACTOR_ADDED:
      return (
        <Callout
          tone="success"
          role="status"
          className="mb-6"
          title="Your second factor is set up"
          action={<TextLink href="/account/security#recovery-codes">Make recovery codes</TextLink>}
        >
          <SpentFlash cookie={FLASH_COOKIE} />
          <p>They let you in on the day on which you have lost it.</p>
        </Callout>
      );
    case INVITATION_ACCEPTED:
      return (
        <Callout
          tone="success"
          role="status"
          className="mb-6"
          title={`You are a member of ${organization} now`}
          action={<TextLink href="/account/organizations">Your organizations</TextLink>}
        >
          <SpentFlash cookie={FLASH_COOKIE} />
          <p>You see and do what belongs to it. In the menu of your account you switch back.</p>
        </Callout>
      );
    default:
      return null;
  }
}

/** The label came by a cookie: a number is all that it may say. */
const leftWords = (label: string): string => {
  if (label === "0") return "it was your last one";
  return /^[1-9]\d?$/.test(label) ? `${label} of 10 are left` : "there is one less now";
};
