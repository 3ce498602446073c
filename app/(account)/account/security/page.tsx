import { requireCaller } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";
import { AuthenticatorSection } from "@/app/(account)/account/security/authenticator-section";
import { ConnectedAccountsSection } from "@/app/(account)/account/security/connected-accounts";
import { MailboxSection } from "@/app/(account)/account/security/mailbox-section";
import { PasskeysSection } from "@/app/(account)/account/security/passkeys-section";
import { PasswordSection } from "@/app/(account)/account/security/password-section";
import { PhoneSection } from "@/app/(account)/account/security/phone-section";
import { RecentEventsSection } from "@/app/(account)/account/security/recent-events";
import { RecoveryCodesSection } from "@/app/(account)/account/security/recovery-codes-section";
import { SessionsSection } from "@/app/(account)/account/security/sessions-section";
import { Strength } from "@/app/(account)/account/security/strength";
import { TrustedDevicesSection } from "@/app/(account)/account/security/trusted-devices";
import { PageHeader } from "@/components/ui/page-header";
import { listOwnPasskeys } from "@/lib/authn/own-passkeys";
import { countRecoveryCodes } from "@/lib/credentials/recovery-code/recovery-codes";
import { listEnrolledFactors } from "@/lib/credentials/registry";
import { getConfig } from "@/lib/platform/config";

export const generateMetadata = titled("account-security");

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function SecurityPage({ searchParams }: Search) {
  const { connected } = await searchParams;
  // Whoever is held comes back with what became of it: the page that holds them says it, too.
  const caller = await requireCaller(
    typeof connected === "string"
      ? `/account/security?connected=${encodeURIComponent(connected)}`
      : "/account/security",
    { impersonated: true },
  );
  const { userId, email } = caller.principal;
  const [enrolled, passkeys, recoveryCodes] = await Promise.all([
    listEnrolledFactors(userId),
    listOwnPasskeys(caller),
    countRecoveryCodes(userId),
  ]);
  const t = await getTranslations("account-security");
  return (
    <>
      <PageHeader title={t("title")} description={t("description")} />
      <div className="space-y-6">
        <Strength enrolled={enrolled} passkeys={passkeys.length} recoveryCodes={recoveryCodes} />
        <PasswordSection enrolled={enrolled.includes("password")} email={email} />
        <MailboxSection enrolled={enrolled.includes("email-code")} email={email} />
        <PasskeysSection caller={caller} passkeys={passkeys} />
        <AuthenticatorSection enrolled={enrolled.includes("totp")} />
        <PhoneSection caller={caller} />
        <RecoveryCodesSection left={recoveryCodes} host={getConfig().appUrl.host} />
        <TrustedDevicesSection caller={caller} />
        <ConnectedAccountsSection caller={caller} outcome={connected} />
        <SessionsSection caller={caller} />
        <RecentEventsSection caller={caller} />
      </div>
    </>
  );
}
