import { findCaller, requestFacts } from "@/app/_http/caller";
import { denialOfRequest } from "@/app/_http/refusal";
import { SAFE_REASONS } from "@/app/_shell/decision-words";
import { signOutAction } from "@/app/(auth)/actions";
import { FormAccount } from "@/components/form/form-account";
import { BarePage } from "@/components/layout/bare-page";
import { SignOutForm } from "@/components/layout/sign-out-form";
import { ButtonLink } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/empty-state";
import { can } from "@/lib/authz/decide";
import { DECISION_PERMISSIONS } from "@/lib/authz/permissions";
import { isInAllowedNetwork } from "@/lib/organizations/allowed-network";
import type { Caller } from "@/lib/shared/caller";

/**
 * The 403 page. It says of what kind the reason is, and names the decision, whose trace those may
 * open who may see it. It is rendered with every page, and shown with few: what costs a query is
 * asked only where there was a refusal.
 */
export default async function Forbidden() {
  const denial = await denialOfRequest();
  const decisionId = denial?.decisionId ?? (await requestFacts()).decisionId;
  const caller = await findCaller();
  if (caller !== null && !isInAllowedNetwork(caller)) return <OtherNetwork caller={caller} />;
  const mayExplain =
    denial !== null && caller !== null && (await can(caller, DECISION_PERMISSIONS.view));
  return (
    <BarePage>
      <ErrorState
        level={1}
        title="You may not open this"
        description={
          <>
            You are signed in, but you may not do this.{" "}
            {denial === null ? "" : SAFE_REASONS[denial.reason]} If it should be otherwise, ask for
            access, or give an administrator the decision’s id: it leads them to the reason.
            <span className="mt-3 block text-ink-faint">
              Decision <code className="font-mono text-ink-soft text-xs">{decisionId}</code>
            </span>
          </>
        }
        action={
          <>
            <ButtonLink href={`/account/requests/new?decision=${decisionId}`}>
              Ask for access
            </ButtonLink>
            {mayExplain && <ButtonLink href={`/admin/decisions/${decisionId}`}>See why</ButtonLink>}
            <ButtonLink href="/dashboard">Back to the start</ButtonLink>
          </>
        }
      />
    </BarePage>
  );
}

/** There is nothing to go back to from here: it says why, and leaves the ways out. */
function OtherNetwork({ caller: { principal, request } }: { caller: Caller }) {
  return (
    <BarePage>
      <ErrorState
        level={1}
        title="Not from this network"
        description={
          <>
            {principal.organizationName} is used from certain networks, and{" "}
            {request.ip === null ? "yours is not known" : `${request.ip} is in none of them`}. Go on
            from one of its networks, or give an administrator the decision’s id.
            <span className="mt-3 block text-ink-faint">
              Decision <code className="font-mono text-ink-soft text-xs">{request.decisionId}</code>
            </span>
          </>
        }
        action={
          <div className="flex flex-col items-center gap-2">
            <ButtonLink href="/accounts" variant="secondary">
              Use another account
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
