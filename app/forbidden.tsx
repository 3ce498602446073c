import { requestFacts } from "@/app/_http/caller";
import { BarePage } from "@/components/layout/bare-page";
import { ButtonLink } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/empty-state";

/** The 403 page. It names the decision, which administrators find in the audit log. */
export default async function Forbidden() {
  const { decisionId } = await requestFacts();
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
