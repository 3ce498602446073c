import { CircleAlert, CircleCheck, TriangleAlert } from "lucide-react";
import { notFound } from "next/navigation";
import { useTranslations } from "#translations";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";
import { TestForm } from "@/app/admin/connections/[id]/switches";
import { connectionPath, LIST_PATH, testPath } from "@/app/admin/connections/address";
import { Breadcrumb } from "@/components/ui/breadcrumb";
import { Callout } from "@/components/ui/callout";
import { Section } from "@/components/ui/card";
import { CODED } from "@/components/ui/code";
import { DescriptionList } from "@/components/ui/description-list";
import { Item, ItemList } from "@/components/ui/item-list";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/authz/decide";
import { findTest, type TestResult } from "@/lib/federation/doctor/test-connection";
import type { TestStep } from "@/lib/federation/doctor/test-step";
import { findConnection } from "@/lib/federation/manage-connections";
import { CONNECTION_PERMISSIONS } from "@/lib/federation/permissions";

export const generateMetadata = titled("admin-connections.test");

export default async function ConnectionTestPage({
  params,
}: {
  params: Promise<{ id: string; testId: string }>;
}) {
  const { id, testId } = await params;
  const caller = await requirePermission(testPath(id, testId), CONNECTION_PERMISSIONS.view);
  const connection = await answerDenials(() => findConnection(caller, id));
  const result = await answerDenials(() => findTest(caller, id, testId));
  if (connection === null || result === null) notFound();
  const mayManage = await can(caller, CONNECTION_PERMISSIONS.manage);
  const { name } = connection;
  const t = await getTranslations("admin-connections");
  return (
    <div className="max-w-3xl">
      <PageHeader
        above={
          <Breadcrumb
            items={[
              { label: t("title"), href: LIST_PATH },
              { label: name, href: connectionPath(id) },
              { label: t("test.test") },
            ]}
          />
        }
        title={t("test.of", { name })}
        description={t("test.description")}
        actions={mayManage && <TestForm connection={connection} />}
      />
      <div className="space-y-6">
        <Verdict result={result} />
        <Section title={t("test.steps")} flush>
          <ItemList>
            {result.steps.map((step) => (
              <StepItem key={`${step.step} ${step.problem}`} step={step} />
            ))}
          </ItemList>
        </Section>
        <ClaimsSection title={t("test.idToken")} claims={result.claims.idToken} />
        <ClaimsSection title={t("test.userinfo")} claims={result.claims.userinfo} />
      </div>
    </div>
  );
}

function Verdict({ result: { steps, waiting } }: { result: TestResult }) {
  const t = useTranslations("admin-connections");
  const problem = steps.find(({ outcome }) => outcome === "failed")?.problem;
  if (problem !== undefined) {
    return (
      <Callout tone="danger" title={t(`problems.${problem}.title`)}>
        <p>{t(`problems.${problem}.fix`)}</p>
      </Callout>
    );
  }
  if (waiting) {
    return (
      <Callout title={t("test.waiting")}>
        <p>{t("test.waitingText")}</p>
      </Callout>
    );
  }
  return (
    <Callout tone="success" title={t("test.works")}>
      <p>{t("test.worksText")}</p>
    </Callout>
  );
}

const MARKS = {
  passed: [CircleCheck, "text-success"],
  warning: [TriangleAlert, "text-warning"],
  failed: [CircleAlert, "text-danger"],
} as const;

function StepItem({ step: { step, outcome, problem, said, facts } }: { step: TestStep }) {
  const t = useTranslations("admin-connections");
  const [Mark, tone] = MARKS[outcome];
  const seen = Object.entries(facts ?? {}).filter(([, value]) => value !== "");
  return (
    <Item
      leading={<Mark aria-label={t(`test.outcomes.${outcome}`)} className={tone} />}
      title={t(`steps.${step}`)}
    >
      {problem !== undefined && (
        <>
          <p className="font-medium text-ink">{t(`problems.${problem}.title`)}</p>
          <p>{t(`problems.${problem}.fix`)}</p>
        </>
      )}
      {said && <p className="mt-1">{t.rich("test.said", { said, ...CODED })}</p>}
      {seen.map(([name, value]) => (
        <p key={name} className="[overflow-wrap:anywhere]">
          {name}: {value}
        </p>
      ))}
    </Item>
  );
}

function ClaimsSection({
  title,
  claims,
}: {
  title: string;
  claims: Record<string, unknown> | undefined;
}) {
  if (claims === undefined) return null;
  return (
    <Section title={title}>
      <DescriptionList
        items={Object.entries(claims).map(([name, value]) => ({
          key: name,
          term: <code className="font-mono">{name}</code>,
          value: typeof value === "string" ? value : JSON.stringify(value),
        }))}
      />
    </Section>
  );
}
