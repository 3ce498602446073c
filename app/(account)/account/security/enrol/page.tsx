import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { requireCaller } from "@/app/_http/page";
import { startTotpAction } from "@/app/(account)/account/security/actions";
import { AddPasskeyForm } from "@/app/(account)/account/security/passkeys/add-passkey-form";
import { phonePath } from "@/app/(account)/account/security/paths";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { Callout } from "@/components/ui/callout";
import { Section } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { TextLink } from "@/components/ui/text-link";
import { describeOwnPhone } from "@/lib/authn/own-phone";
import { SENSITIVE } from "@/lib/shared/assurance";
import { enrolPath, safeReturnTo } from "@/lib/shared/return-to";

export const metadata: Metadata = { title: "Add a second factor" };

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** Where somebody is led before anything else while a rule asks for what they do not have (F20). */
export default async function EnrolPage({ searchParams }: Search) {
  const returnTo = safeReturnTo((await searchParams)["returnTo"]);
  const caller = await requireCaller(enrolPath(returnTo), {
    assurance: SENSITIVE,
    during: "second-factor",
  });
  if (caller.principal.secondFactorEnrolled) redirect(returnTo);
  return (
    <>
      <PageHeader
        title="Add a second factor"
        description="One stolen secret is then not enough to sign in as you."
      />
      <div className="space-y-6">
        <Callout title="Your organization asks for this">
          <p>Until you have a second factor, nothing else can be opened.</p>
        </Callout>
        <Section
          title="Passkey"
          description="A fingerprint, a face, a PIN or a key. No other site can ask for it, so it protects best."
        >
          <div className="max-w-md">
            <AddPasskeyForm caller={caller} returnTo={returnTo} variant="primary" />
          </div>
        </Section>
        <Section
          title="Authenticator app"
          description="An app on your phone that shows a new code every 30 seconds."
        >
          <ActionForm action={startTotpAction} aria-label="Set up an authenticator app">
            <input type="hidden" name="returnTo" value={returnTo} />
            <div>
              <SubmitButton variant="secondary">Set up an authenticator app</SubmitButton>
            </div>
          </ActionForm>
        </Section>
        {(await describeOwnPhone(caller)).offered && (
          <Section
            title="Codes by text message"
            description="For whoever has no app at hand. An app protects better."
          >
            <p className="text-sm">
              <TextLink href={phonePath(returnTo)}>Use a mobile number</TextLink>
            </p>
          </Section>
        )}
      </div>
    </>
  );
}
