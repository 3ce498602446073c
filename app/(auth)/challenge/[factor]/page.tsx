import { notFound, redirect } from "next/navigation";
import { useTranslations } from "#translations";
import { findCaller } from "@/app/_http/caller";
import { getTranslations, titled } from "@/app/_locale/translations";
import { BrandedShell } from "@/app/(auth)/branded-shell";
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
import { PasskeyForm } from "@/components/passkey/passkey-form";
import { Callout } from "@/components/ui/callout";
import { NAMED } from "@/components/ui/name";
import { TextLink } from "@/components/ui/text-link";
import { type FactorKind, isFactorKind } from "@/lib/shared/factor";

export const generateMetadata = titled("auth.challenge");

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
  const t = await getTranslations("auth.challenge");
  const caller = isStepUp ? await findCaller() : null;
  const page = (
    <BrandedShell
      email={challenge.email}
      title={await titleOf(challenge)}
      footer={<TextLink href="/sign-in">{t("somebodyElse")}</TextLink>}
    >
      <div className="flex flex-col gap-5">
        {challenge.email !== null && (
          <p className="text-ink-faint text-sm">
            {t.rich("for", { ...NAMED, email: challenge.email })}
          </p>
        )}
        {factor === "passkey" && search["level"] === "3" && (
          <Callout title={t("boundKey")}>
            <p>{t("boundKeyText")}</p>
          </Callout>
        )}
        {challenge.next.step === "second-factor" && <RiskNotice reasons={challenge.riskReasons} />}
        {factor === "email-code" && challenge.codeSent && (
          <Callout role="status" title={t("mailSent")}>
            <p>{t("mailSentText")}</p>
          </Callout>
        )}
        {factor === "passkey" ? (
          <PasskeyForm
            ceremony="get"
            ask={askPasskeyAction}
            answer={answerChallengeAction}
            submitLabel={t("names.passkey")}
            withoutScript={t("passkeyNeedsScript")}
            aria-label={t("names.passkey")}
          >
            <HiddenContext challenge={challenge} factor={factor} />
            {challenge.trustedAfter.includes(factor) && <TrustField />}
          </PasskeyForm>
        ) : (
          <ActionForm action={answerChallengeAction} aria-label={t(`names.${factor}`)}>
            <HiddenContext challenge={challenge} factor={factor} />
            <FactorFields factor={factor} />
            {challenge.trustedAfter.includes(factor) && <TrustField />}
            <SubmitButton>{(await getTranslations("auth.links"))("continue")}</SubmitButton>
          </ActionForm>
        )}
        {(factor === "email-code" || factor === "sms-code") && (
          <ActionForm action={sendCodeAction} aria-label={t("sendCode")}>
            <HiddenContext challenge={challenge} factor={factor} />
            <div className="flex items-center justify-between gap-4 text-sm">
              <span className="text-ink-soft">{t("noCode")}</span>
              <SubmitButton variant="secondary" size="sm">
                {t("sendCode")}
              </SubmitButton>
            </div>
            <ReadMailHint channel={factor === "sms-code" ? "sms" : "mail"} />
          </ActionForm>
        )}
        {offers.length > 1 && (
          <div className="border-line border-t pt-5">
            <h2 className="mb-2 font-medium text-sm">{t("anotherWay")}</h2>
            <ul className="flex flex-col gap-2 text-sm">
              {offers
                .filter((offer) => offer !== factor)
                .map((offer) => (
                  <li key={offer}>
                    <TextLink href={challengePath(offer, isStepUp, challenge.returnTo)}>
                      {t(`names.${offer}`)}
                    </TextLink>
                  </li>
                ))}
            </ul>
          </div>
        )}
      </div>
    </BrandedShell>
  );
  if (caller === null) return page;
  return <FormAccount account={caller.principal.userId}>{page}</FormAccount>;
}

async function titleOf({ purpose, next }: Challenge): Promise<string> {
  const t = await getTranslations("auth");
  if (purpose === "step-up") return t("challenge.title");
  return next.step === "second-factor" ? t("challenge.oneMoreStep") : t("signIn.title");
}

function TrustField() {
  const t = useTranslations("auth.challenge");
  return <CheckboxField name="trust" label={t("trust")} hint={t("trustHint")} />;
}

function HiddenContext({ challenge, factor }: { challenge: Challenge; factor: FactorKind }) {
  return (
    <>
      <input type="hidden" name="factor" value={factor} />
      <input type="hidden" name="for" value={challenge.purpose} />
      <input type="hidden" name="returnTo" value={challenge.returnTo} />
    </>
  );
}
