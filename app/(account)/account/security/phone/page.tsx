import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { requireCaller } from "@/app/_http/page";
import { phonePath, SECURITY_PATH } from "@/app/(account)/account/security/paths";
import {
  confirmPhoneAction,
  startPhoneAction,
} from "@/app/(account)/account/security/phone/actions";
import { ReadMailHint } from "@/app/(auth)/read-mail-hint";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { TextField } from "@/components/form/text-field";
import { Breadcrumb } from "@/components/ui/breadcrumb";
import { Section } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { describeOwnPhone } from "@/lib/authn/own-phone";
import { SENSITIVE } from "@/lib/shared/assurance";
import { safeReturnTo } from "@/lib/shared/return-to";

export const metadata: Metadata = { title: "Set up codes by text message" };

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function PhonePage({ searchParams }: Search) {
  const asked = (await searchParams)["returnTo"];
  const returnTo = asked === undefined ? undefined : safeReturnTo(asked);
  const caller = await requireCaller(phonePath(returnTo), {
    assurance: SENSITIVE,
    during: "second-factor",
  });
  const { pending, offered } = await describeOwnPhone(caller);
  if (!offered) redirect(SECURITY_PATH);
  const target = returnTo !== undefined && <input type="hidden" name="returnTo" value={returnTo} />;
  return (
    <>
      <PageHeader
        above={
          <Breadcrumb
            items={[{ label: "Security", href: SECURITY_PATH }, { label: "Text messages" }]}
          />
        }
        title="Set up codes by text message"
        description="A passkey or an authenticator app protects you better: a number can be taken over."
      />
      <div className="space-y-6">
        <Section
          title="1. Your mobile number"
          description="We send it a code now, and whenever you sign in. We use it for nothing else."
        >
          <ActionForm action={startPhoneAction} className="max-w-md" aria-label="Mobile number">
            {target}
            <TextField
              name="number"
              label="Mobile number"
              hint="With the country, such as +43 664 1234567."
              type="tel"
              autoComplete="tel"
              defaultValue={pending ?? ""}
              required
            />
            <div>
              <SubmitButton variant={pending === null ? "primary" : "secondary"}>
                {pending === null ? "Send a code" : "Send another code"}
              </SubmitButton>
            </div>
          </ActionForm>
        </Section>
        {pending !== null && (
          <Section
            title="2. Give the code"
            description={`We sent it to ${pending}. It works for ten minutes.`}
          >
            <ActionForm action={confirmPhoneAction} className="max-w-md" aria-label="First code">
              {target}
              <TextField
                name="code"
                label="Code"
                hint="Six digits."
                inputMode="numeric"
                autoComplete="one-time-code"
                required
              />
              <div>
                <SubmitButton>Use this number</SubmitButton>
              </div>
              <ReadMailHint channel="sms" />
            </ActionForm>
          </Section>
        )}
      </div>
    </>
  );
}
