import { findCaller, requestFacts } from "@/app/_http/caller";
import { denialOfRequest } from "@/app/_http/refusal";
import { SAFE_REASONS } from "@/app/_shell/decision-words";
import { BarePage } from "@/components/layout/bare-page";
import { ButtonLink } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/empty-state";
import { can } from "@/lib/authz/decide";
import { DECISION_PERMISSIONS } from "@/lib/authz/permissions";

/**
 * The 403 page. It says of what kind the reason is, and names the decision, whose trace those may
 * open who may see it. It is rendered with every page, and shown with few: what costs a query is
 * asked only where there was a refusal.
 */
export default async function Forbidden() {
  const denial = await denialOfRequest();
  const decisionId = denial?.decisionId ?? (await requestFacts()).decisionId;
  const caller = denial && (await findCaller());
  const mayExplain = caller !== null && (await can(caller, DECISION_PERMISSIONS.view));
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
            {denial !== null && (
              <ButtonLink
                href={`/account/requests/new?decision=${denial.decisionId}`}
                variant="primary"
              >
                Request access
              </ButtonLink>
            )}
            {mayExplain && <ButtonLink href={`/admin/decisions/${decisionId}`}>See why</ButtonLink>}
            <ButtonLink href="/dashboard">Back to the start</ButtonLink>
          </>
        }
      />
    </BarePage>
  );
}
