import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { findCaller } from "@/app/_http/caller";
import { FactorFields } from "@/app/(auth)/challenge/[factor]/factor-fields";
import { RiskNotice } from "@/app/(auth)/challenge/[factor]/risk-notice";
import {
  answerChallengeAction,
  askPasskeyAction,
  sendCodeAction,
} from "@/app/(auth)/challenge/actions";
import { type Challenge, findChallenge } from "@/app/(auth)/challenge/challenge";
import { challengePath } from "@/app/(auth)/challenge/paths";
import { ReadMailHint } from "@/app/(auth)/read-mail-hint";
import { ActionForm } from "@/components/form/action-form";
import { FormAccount } from "@/components/form/form-account";
import { SubmitButton } from "@/components/form/submit-button";
import { CheckboxField } from "@/components/form/text-field";
import { AuthShell } from "@/components/layout/auth-shell";
import { PasskeyForm } from "@/components/passkey/passkey-form";
import { Callout } from "@/components/ui/callout";
import { TextLink } from "@/components/ui/text-link";
import { type FactorKind, isFactorKind } from "@/lib/shared/factor";

export const metadata: Metadata = { title: "Confirm that it is you" };

const NAMES: Record<FactorKind, string> = {
  passkey: "Use a passkey",
  password: "Use your password",
  "email-code": "Get a code by mail",
  totp: "Use your authenticator app",
  "sms-code": "Get a code by text message",
  "recovery-code": "Use a recovery code",
};

interface Props {
  params: Promise<{ factor: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function FactorPage({ params, searchParams }: Props) {
  const { factor } = await params;
  if (!isFactorKind(factor)) notFound();
  const search = await searchParams;
  const isStepUp = search["for"] === "step-up";
  const challenge = await findChallenge(isStepUp, search["returnTo"]);
  if (challenge === null) redirect("/sign-in");
  const offers = "offers" in challenge.next ? challenge.next.offers : [];
  if (!offers.includes(factor)) redirect(challengePath(null, isStepUp, challenge.returnTo));
  const caller = isStepUp ? await findCaller() : null;
  const page = (
    <AuthShell
      title={titleOf(challenge)}
      footer={<TextLink href="/sign-in">Sign in as somebody else</TextLink>}
    >
      <div className="flex flex-col gap-5">
        {challenge.email !== null && (
          <p className="text-ink-faint text-sm">
            For <strong className="break-all font-medium text-ink">{challenge.email}</strong>
          </p>
        )}
        {factor === "passkey" && search["level"] === "3" && (
          <Callout title="A passkey that stays on its device">
            <p>
              What you are about to open takes no synced passkey. Use a security key, or a passkey
              that was made to stay where it is, and confirm with its PIN or your fingerprint.
            </p>
          </Callout>
        )}
        {challenge.next.step === "second-factor" && <RiskNotice reasons={challenge.riskReasons} />}
        {factor === "email-code" && challenge.codeSent && (
          <Callout role="status" title="We have sent you a mail">
            <p>It has a code of six digits, which works once, within ten minutes.</p>
          </Callout>
        )}
        {factor === "passkey" ? (
          <PasskeyForm
            ceremony="get"
            ask={askPasskeyAction}
            answer={answerChallengeAction}
            submitLabel={NAMES.passkey}
            withoutScript="A passkey needs JavaScript, which is off in this browser. Use another way."
            aria-label={NAMES.passkey}
          >
            <HiddenContext challenge={challenge} factor={factor} />
            {challenge.trustedAfter.includes(factor) && <TrustField />}
          </PasskeyForm>
        ) : (
          <ActionForm action={answerChallengeAction} aria-label={NAMES[factor]}>
            <HiddenContext challenge={challenge} factor={factor} />
            <FactorFields factor={factor} />
            {challenge.trustedAfter.includes(factor) && <TrustField />}
            <SubmitButton>Continue</SubmitButton>
          </ActionForm>
        )}
        {(factor === "email-code" || factor === "sms-code") && (
          <ActionForm action={sendCodeAction} aria-label="Send a code">
            <HiddenContext challenge={challenge} factor={factor} />
            <div className="flex items-center justify-between gap-4 text-sm">
              <span className="text-ink-soft">No code there?</span>
              <SubmitButton variant="secondary" size="sm">
                Send a code
              </SubmitButton>
            </div>
            <ReadMailHint channel={factor === "sms-code" ? "sms" : "mail"} />
          </ActionForm>
        )}
        {offers.length > 1 && (
          <div className="border-line border-t pt-5">
            <h2 className="mb-2 font-medium text-sm">Another way</h2>
            <ul className="flex flex-col gap-2 text-sm">
              {offers
                .filter((offer) => offer !== factor)
                .map((offer) => (
                  <li key={offer}>
                    <TextLink href={challengePath(offer, isStepUp, challenge.returnTo)}>
                      {NAMES[offer]}
                    </TextLink>
                  </li>
                ))}
            </ul>
          </div>
        )}
      </div>
    </AuthShell>
  );
  if (caller === null) return page;
  return <FormAccount account={caller.principal.userId}>{page}</FormAccount>;
}

const titleOf = ({ purpose, next }: Challenge): string => {
  if (purpose === "step-up") return "Confirm that it is you";
  return next.step === "second-factor" ? "One more step" : "Sign in";
};

const TrustField = () => (
  <CheckboxField
    name="trust"
    label="Trust this device"
    hint="You will not be asked for a second factor here for a while. Only on your own."
  />
);

function HiddenContext({ challenge, factor }: { challenge: Challenge; factor: FactorKind }) {
  return (
    <>
      <input type="hidden" name="factor" value={factor} />
      <input type="hidden" name="for" value={challenge.purpose} />
      <input type="hidden" name="returnTo" value={challenge.returnTo} />
    </>
  );
}
