import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { AUDIT_PATH } from "@/app/admin/audit/address";
import { BeyondSection } from "@/app/admin/decisions/[id]/beyond-section";
import { decisionPath } from "@/app/admin/decisions/address";
import { RuleList } from "@/app/admin/decisions/rule-list";
import { TraceFacts } from "@/app/admin/decisions/trace-facts";
import { VerdictCallout } from "@/app/admin/decisions/verdict-callout";
import { Callout } from "@/components/ui/callout";
import { Section } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { TextLink } from "@/components/ui/text-link";
import { AUDIT_PERMISSIONS } from "@/lib/audit/permissions";
import { can } from "@/lib/authz/decide";
import { type Decision, findDecision } from "@/lib/authz/find-decision";
import { DECISION_PERMISSIONS } from "@/lib/authz/permissions";

export const metadata: Metadata = { title: "Decision" };

export default async function DecisionPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const caller = await requirePermission(decisionPath(id), DECISION_PERMISSIONS.view);
  const decision = await answerDenials(() => findDecision(caller, id));
  if (decision === null) notFound();
  const mayAudit = await can(caller, AUDIT_PERMISSIONS.view);
  return (
    <div className="max-w-3xl">
      <PageHeader
        title="Decision"
        description={
          <>
            <code className="font-mono text-xs [overflow-wrap:anywhere]">{decision.id}</code>
            {mayAudit && (
              <>
                {" "}
                <TextLink href={`${AUDIT_PATH}?id=${decision.id}`}>In the audit log</TextLink>
              </>
            )}
          </>
        }
      />
      <div className="space-y-6">
        <Content decision={decision} />
      </div>
    </div>
  );
}

function Content({ decision }: { decision: Decision }) {
  switch (decision.kind) {
    case "decision":
      return (
        <>
          <VerdictCallout trace={decision.trace} />
          <Section title="What was asked">
            <TraceFacts trace={decision.trace} />
          </Section>
          <Section
            title="What was looked at"
            description="A policy that denies wins. Else a role or a policy that allows decides, when its condition is met. Else it is denied."
            flush
          >
            <RuleList trace={decision.trace} />
          </Section>
        </>
      );
    case "beyond-own":
      return <BeyondSection trace={decision.trace} />;
    case "unreadable":
      return (
        <Callout tone="warning" title="This cannot be shown">
          <p>
            A newer version of this program made the decision and kept its reasons. Open it there.
          </p>
        </Callout>
      );
  }
}
