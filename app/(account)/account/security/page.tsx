import type { Metadata } from "next";
import { requireCaller } from "@/app/_http/page";
import { changePasswordAction } from "@/app/(account)/account/actions";
import { NewPasswordField } from "@/app/(auth)/_components/new-password-field";
import { ActionForm } from "@/components/form/action-form";
import { PasswordField } from "@/components/form/password-field";
import { SubmitButton } from "@/components/form/submit-button";
import { Section } from "@/components/ui/card";
import { Item, ItemList } from "@/components/ui/item-list";
import { PageHeader } from "@/components/ui/page-header";
import { RelativeTime } from "@/components/ui/relative-time";
import { TextLink } from "@/components/ui/text-link";
import { hasPassword } from "@/lib/credentials/password/has-password";
import { listOwnIdentities } from "@/lib/federation/list-identities";

export const metadata: Metadata = { title: "Security" };

const PROVIDER_NAMES: Record<string, string> = { google: "Google", github: "GitHub" };

export default async function SecurityPage() {
  const caller = await requireCaller("/account/security");
  const [withPassword, identities] = await Promise.all([
    hasPassword(caller),
    listOwnIdentities(caller),
  ]);
  return (
    <>
      <PageHeader title="Security" description="The ways in which you sign in." />
      <div className="space-y-6">
        <Section
          title="Password"
          description={
            withPassword
              ? "A change ends your sessions on every other device."
              : "You have none. To set one, ask for a link to your email address."
          }
        >
          {withPassword ? (
            <ActionForm
              action={changePasswordAction}
              className="max-w-md"
              aria-label="Change password"
            >
              <input type="hidden" autoComplete="username" defaultValue={caller.principal.email} />
              <PasswordField
                name="current"
                label="Current password"
                autoComplete="current-password"
                required
              />
              <NewPasswordField label="New password" />
              <div>
                <SubmitButton>Change password</SubmitButton>
              </div>
            </ActionForm>
          ) : (
            <p className="text-sm">
              <TextLink href="/reset-password">Ask for a link</TextLink>
            </p>
          )}
        </Section>
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
      </div>
    </>
  );
}
