import { findCaller, requestFacts } from "@/app/_http/caller";
import { signOutAction } from "@/app/(auth)/actions";
import { FormAccount } from "@/components/form/form-account";
import { BarePage } from "@/components/layout/bare-page";
import { SignOutForm } from "@/components/layout/sign-out-form";
import { ButtonLink } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/empty-state";
import { isInAllowedNetwork } from "@/lib/organizations/allowed-network";
import type { Caller } from "@/lib/shared/caller";

/** The 403 page. It names the decision, which administrators find in the audit log. */
export default async function Forbidden() {
  const { decisionId } = await requestFacts();
  const caller = await findCaller();
  if (caller !== null && !isInAllowedNetwork(caller)) return <OtherNetwork caller={caller} />;
  return (
    <BarePage>
      <ErrorState
        level={1}
        title="You may not open this"
        description={
          <>
            You are signed in, but none of your roles includes what this needs. If it should, give
            an administrator the decision’s id: looked up in the audit log, it says which permission
            was missing.
            <span className="mt-3 block text-ink-faint">
              Decision <code className="font-mono text-ink-soft text-xs">{decisionId}</code>
            </span>
            <span className="mt-1 block text-ink-faint">
              Of hundreds of refusals in one hour, not each is kept.
            </span>
          </>
        }
        action={
          <>
            <ButtonLink href={`/account/requests/new?decision=${decisionId}`}>
              Ask for access
            </ButtonLink>
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
