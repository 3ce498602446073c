import { notFound } from "next/navigation";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { getTranslations, titled, useTranslations } from "@/app/_locale/translations";
import { AUDIT_PATH } from "@/app/admin/audit/address";
import { BeyondSection } from "@/app/admin/decisions/[id]/beyond-section";
import { GateSection } from "@/app/admin/decisions/[id]/gate-section";
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

export const generateMetadata = titled("admin-decisions");

export default async function DecisionPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const caller = await requirePermission(decisionPath(id), DECISION_PERMISSIONS.view);
  const decision = await answerDenials(() => findDecision(caller, id));
  if (decision === null) notFound();
  const mayAudit = await can(caller, AUDIT_PERMISSIONS.view);
  const t = await getTranslations("admin-decisions");
  return (
    <div className="max-w-3xl">
      <PageHeader
        title={t("title")}
        description={
          <>
            <code className="font-mono text-xs [overflow-wrap:anywhere]">{decision.id}</code>
            {mayAudit && (
              <>
                {" "}
                <TextLink href={`${AUDIT_PATH}?id=${decision.id}`}>{t("inAudit")}</TextLink>
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
  const t = useTranslations("admin-decisions");
  switch (decision.kind) {
    case "decision":
      return (
        <>
          <VerdictCallout trace={decision.trace} />
          <Section title={t("asked")}>
            <TraceFacts trace={decision.trace} />
          </Section>
          <Section title={t("lookedAt")} description={t("lookedAtText")} flush>
            <RuleList trace={decision.trace} />
          </Section>
        </>
      );
    case "beyond-own":
      return <BeyondSection trace={decision.trace} />;
    case "gate":
      return <GateSection trace={decision.trace} />;
    case "unreadable":
      return (
        <Callout tone="warning" title={t("newer")}>
          <p>{t("newerText")}</p>
        </Callout>
      );
  }
}
