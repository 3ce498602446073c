import type { Metadata } from "next";
import { requireCaller } from "@/app/_http/page";
import { ChangePasswordForm } from "@/app/(account)/account/security/change-password-form";
import { PasskeysSection } from "@/app/(account)/account/security/passkeys-section";
import { RecentEventsSection } from "@/app/(account)/account/security/recent-events";
import {
  AuthenticatorSection,
  RecoveryCodesSection,
} from "@/app/(account)/account/security/second-factors";
import { Strength } from "@/app/(account)/account/security/strength";
import { TrustedDevicesSection } from "@/app/(account)/account/security/trusted-devices";
import { Section } from "@/components/ui/card";
import { Item, ItemList } from "@/components/ui/item-list";
import { PageHeader } from "@/components/ui/page-header";
import { RelativeTime } from "@/components/ui/relative-time";
import { TextLink } from "@/components/ui/text-link";
import { countRecoveryCodes } from "@/lib/credentials/recovery-code/recovery-codes";
import { listEnrolledFactors } from "@/lib/credentials/registry";
import { listOwnIdentities } from "@/lib/federation/list-identities";
import { getConfig } from "@/lib/platform/config";

export const metadata: Metadata = { title: "Security" };

const PROVIDER_NAMES: Record<string, string> = { google: "Google", github: "GitHub" };

export default async function SecurityPage() {
  const caller = await requireCaller("/account/security");
  const { userId, email } = caller.principal;
  const [enrolled, recoveryCodes, identities] = await Promise.all([
    listEnrolledFactors(userId),
    countRecoveryCodes(userId),
    listOwnIdentities(caller),
  ]);
  const hasPassword = enrolled.includes("password");
  return (
    <>
      <PageHeader title="Security" description="The ways in which you sign in." />
      <div className="space-y-6">
        <Strength enrolled={enrolled} recoveryCodes={recoveryCodes} />
        <Section
          title="Password"
          description={
            hasPassword
              ? "A change ends your sessions on every other device."
              : "You have none. To set one, ask for a link to your email address."
          }
        >
          {hasPassword ? (
            <ChangePasswordForm email={email} />
          ) : (
            <p className="text-sm">
              <TextLink href="/reset-password">Ask for a link</TextLink>
            </p>
          )}
        </Section>
        <PasskeysSection caller={caller} />
        <AuthenticatorSection enrolled={enrolled.includes("totp")} />
        <RecoveryCodesSection left={recoveryCodes} host={getConfig().appUrl.host} />
        <TrustedDevicesSection caller={caller} />
        {identities.length > 0 && (
          <Section title="Connected accounts" flush>
            <ItemList>
              {identities.map((identity) => (
                <Item
                  key={identity.id}
                  title={PROVIDER_NAMES[identity.provider] ?? identity.provider}
                >
                  Connected <RelativeTime value={identity.createdAt} />
                </Item>
              ))}
            </ItemList>
          </Section>
        )}
        <RecentEventsSection caller={caller} />
      </div>
    </>
  );
}
