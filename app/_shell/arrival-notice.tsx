import {
  FLASH_COOKIE,
  INVITATION_ACCEPTED,
  RECOVERY_CODE_USED,
  readFlash,
  SECOND_FACTOR_ADDED,
} from "@/app/_http/flash";
import { getTranslations } from "@/app/_locale/translations";
import { Callout } from "@/components/ui/callout";
import { SpentFlash } from "@/components/ui/spent-flash";
import { TextLink } from "@/components/ui/text-link";

/** What somebody should know who has just come in, wherever they arrive. */
export async function ArrivalNotice({ organization }: { organization: string }) {
  const flash = await readFlash();
  const t = await getTranslations("shell.arrival");
  switch (flash?.event) {
    case RECOVERY_CODE_USED:
      return (
        <Callout
          tone="warning"
          role="status"
          className="mb-6"
          title={t("recoveryUsed", { left: leftOf(flash.label) })}
          action={<TextLink href="/account/security">{t("review")}</TextLink>}
        >
          <SpentFlash cookie={FLASH_COOKIE} />
          <p>{t("recoveryText")}</p>
        </Callout>
      );
    case SECOND_FACTOR_ADDED:
      return (
        <Callout
          tone="success"
          role="status"
          className="mb-6"
          title={t("secondFactor")}
          action={<TextLink href="/account/security#recovery-codes">{t("makeCodes")}</TextLink>}
        >
          <SpentFlash cookie={FLASH_COOKIE} />
          <p>{t("secondFactorText")}</p>
        </Callout>
      );
    case INVITATION_ACCEPTED:
      return (
        <Callout
          tone="success"
          role="status"
          className="mb-6"
          title={t("member", { organization })}
          action={<TextLink href="/account/organizations">{t("organizations")}</TextLink>}
        >
          <SpentFlash cookie={FLASH_COOKIE} />
          <p>{t("memberText")}</p>
        </Callout>
      );
    default:
      return null;
  }
}

/** The label came by a cookie: a number is all that it may say, and -1 what is none. */
const leftOf = (label: string): number => (/^\d{1,2}$/.test(label) ? Number(label) : -1);
