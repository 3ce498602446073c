import { useTranslations } from "#translations";
import { findCaller, requestFacts } from "@/app/_http/caller";
import { denialOfRequest } from "@/app/_http/refusal";
import { getTranslations } from "@/app/_locale/translations";
import { ImpersonationBanner } from "@/app/_shell/impersonation-banner";
import { signOutAction } from "@/app/(auth)/actions";
import { decisionPath } from "@/app/admin/decisions/address";
import { FormAccount } from "@/components/form/form-account";
import { BarePage } from "@/components/layout/bare-page";
import { SignOutForm } from "@/components/layout/sign-out-form";
import { ButtonLink } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/empty-state";
import { NAMED, QUOTED } from "@/components/ui/name";
import { mayAskAfter } from "@/lib/access-requests/list-requests";
import { findOwnSession } from "@/lib/authn/kept-cookie";
import { can } from "@/lib/authz/decide";
import { DECISION_PERMISSIONS } from "@/lib/authz/permissions";
import { RefusedAtGate } from "@/lib/authz/refuse-at-gate";

/**
 * The 403 page. It says of what kind the reason is, and names the decision, whose trace those may
 * open who may see it. It is rendered with every page, and shown with few: what costs a query is
 * asked only where there was a refusal.
 */
export default async function Forbidden() {
  const denial = await denialOfRequest();
  if (denial === null) {
    const { decisionId } = await requestFacts();
    // With script this is what a refused action shows: whoever may be acting needs the way back.
    return (await findOwnSession()) === undefined ? (
      <NotAllowed decisionId={decisionId} />
    ) : (
      <SomebodyElse decisionId={decisionId} />
    );
  }
  const t = await getTranslations("errors.forbidden");
  const { decisionId } = denial;
  if (denial instanceof RefusedAtGate) {
    switch (denial.gate.rule) {
      case "network":
        return <OtherNetwork decisionId={decisionId} />;
      case "impersonated":
        return <SomebodyElse decisionId={decisionId} />;
      default:
        return <OtherSite decisionId={decisionId} />;
    }
  }
  const caller = await findCaller();
  if (caller === null) return <NotAllowed decisionId={decisionId} />;
  const mayAsk = await mayAskAfter(caller, decisionId);
  const mayExplain = await can(caller, DECISION_PERMISSIONS.view);
  return (
    <NotAllowed
      decisionId={decisionId}
      signedIn
      reason={t(`reasons.${denial.reason}`)}
      ways={
        <>
          {mayAsk && (
            <ButtonLink href={`/account/requests/new?decision=${decisionId}`}>
              {t("ask")}
            </ButtonLink>
          )}
          {mayExplain && <ButtonLink href={decisionPath(decisionId)}>{t("why")}</ButtonLink>}
        </>
      }
    />
  );
}

function NotAllowed({
  decisionId,
  signedIn = false,
  reason = "",
  ways,
}: {
  decisionId: string;
  signedIn?: boolean;
  reason?: string;
  ways?: React.ReactNode;
}) {
  const t = useTranslations("errors.forbidden");
  return (
    <BarePage>
      <ErrorState
        level={1}
        title={t("title")}
        description={
          <>
            {t(signedIn ? "signedIn" : "notAllowed")} {reason} {t("otherwise")}
            <DecisionId id={decisionId} />
          </>
        }
        action={
          <>
            {ways}
            <ButtonLink href="/dashboard">{t("back")}</ButtonLink>
          </>
        }
      />
    </BarePage>
  );
}

/** There is nothing to go back to from here: it says why, and leaves the ways out. */
async function OtherNetwork({ decisionId }: { decisionId: string }) {
  const caller = await findCaller();
  if (caller === null) return <NotAllowed decisionId={decisionId} />;
  const t = await getTranslations("errors.network");
  const { principal, request } = caller;
  const organization = principal.organizationName;
  return (
    <BarePage>
      <ErrorState
        level={1}
        title={t("title")}
        description={
          <>
            {request.ip === null
              ? t("unknown", { organization })
              : t("none", { organization, ip: request.ip })}
            <DecisionId id={decisionId} />
          </>
        }
        action={
          <div className="flex flex-col items-center gap-2">
            <ButtonLink href="/accounts" variant="secondary">
              {t("another")}
            </ButtonLink>
            <FormAccount account={principal.userId}>
              <SignOutForm action={signOutAction} />
            </FormAccount>
          </div>
        }
      />
    </BarePage>
  );
}

/** Left to whom somebody acts as. The banner is on this page as well. */
async function SomebodyElse({ decisionId }: { decisionId: string }) {
  const caller = await findCaller();
  if (caller?.principal.act === undefined) return <NotAllowed decisionId={decisionId} />;
  const t = await getTranslations("errors");
  const { principal } = caller;
  return (
    <>
      <FormAccount account={principal.userId}>
        <ImpersonationBanner principal={principal} />
      </FormAccount>
      <BarePage>
        <ErrorState
          level={1}
          title={t("impersonated.title")}
          description={
            <>
              {t.rich("impersonated.text", { ...NAMED, email: principal.email })}
              <DecisionId id={decisionId} />
            </>
          }
          action={<ButtonLink href="/dashboard">{t("forbidden.back")}</ButtonLink>}
        />
      </BarePage>
    </>
  );
}

/** What another site sent in somebody's name: nothing of theirs is on this page (ATK-03). */
function OtherSite({ decisionId }: { decisionId: string }) {
  const t = useTranslations("errors");
  return (
    <BarePage>
      <ErrorState
        level={1}
        title={t("site.title")}
        description={
          <>
            {t("site.text")}
            <DecisionId id={decisionId} />
          </>
        }
        action={<ButtonLink href="/dashboard">{t("forbidden.back")}</ButtonLink>}
      />
    </BarePage>
  );
}

function DecisionId({ id }: { id: string }) {
  const t = useTranslations("errors.forbidden");
  return (
    <span className="mt-3 block text-ink-faint">
      {t.rich("decision", {
        id,
        ...QUOTED,
      })}
    </span>
  );
}
