import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { requireCaller } from "@/app/_http/page";
import { confirmTotpAction } from "@/app/(account)/account/security/actions";
import { authenticatorPath, SECURITY_PATH } from "@/app/(account)/account/security/paths";
import { QrPicture } from "@/app/(account)/account/security/qr-picture";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { TextField } from "@/components/form/text-field";
import { Breadcrumb } from "@/components/ui/breadcrumb";
import { Section } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { PageHeader } from "@/components/ui/page-header";
import { TextLink } from "@/components/ui/text-link";
import { findOwnPendingTotp } from "@/lib/authn/own-factors";
import { SENSITIVE } from "@/lib/shared/assurance";
import { safeReturnTo } from "@/lib/shared/return-to";

export const metadata: Metadata = { title: "Set up an authenticator app" };

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function AuthenticatorPage({ searchParams }: Search) {
  const asked = (await searchParams)["returnTo"];
  const returnTo = asked === undefined ? undefined : safeReturnTo(asked);
  const caller = await requireCaller(authenticatorPath(returnTo), {
    assurance: SENSITIVE,
    during: "second-factor",
  });
  const pending = await findOwnPendingTotp(caller);
  if (pending === null) redirect(SECURITY_PATH);
  return (
    <>
      <PageHeader
        above={
          <Breadcrumb
            items={[{ label: "Security", href: SECURITY_PATH }, { label: "Authenticator app" }]}
          />
        }
        title="Set up an authenticator app"
        description="It makes a new code every 30 seconds. It is in use once you have given its first one."
      />
      <div className="space-y-6">
        <Section
          title="1. Add this site to your app"
          description="Scan the picture with your authenticator app, or type the key into it."
        >
          <div className="flex flex-wrap items-center gap-6">
            <QrPicture modules={pending.picture} label="The key, as a picture for your app" />
            <div className="min-w-0 space-y-3 text-sm">
              <p className="text-ink-soft">Key</p>
              <p className="flex items-center gap-2">
                <code className="font-mono text-ink [overflow-wrap:anywhere]">{pending.text}</code>
                <CopyButton value={pending.text.replaceAll(" ", "")} label="Copy the key" />
              </p>
              <p>
                <TextLink href={pending.uri}>Open in an app on this device</TextLink>
              </p>
            </div>
          </div>
        </Section>
        <Section title="2. Give its first code">
          <ActionForm action={confirmTotpAction} className="max-w-md" aria-label="First code">
            {returnTo !== undefined && <input type="hidden" name="returnTo" value={returnTo} />}
            <TextField
              name="code"
              label="Code"
              hint="Six digits."
              inputMode="numeric"
              autoComplete="one-time-code"
              required
            />
            <div>
              <SubmitButton>Use this app</SubmitButton>
            </div>
          </ActionForm>
        </Section>
      </div>
    </>
  );
}
