import { CircleAlert, CircleCheck, TriangleAlert } from "lucide-react";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { TestForm } from "@/app/admin/connections/[id]/switches";
import { connectionPath, LIST_PATH, testPath } from "@/app/admin/connections/address";
import { PROBLEM_WORDS, STEP_NAMES } from "@/app/admin/connections/problems";
import { Breadcrumb } from "@/components/ui/breadcrumb";
import { Callout } from "@/components/ui/callout";
import { Section } from "@/components/ui/card";
import { Code } from "@/components/ui/code";
import { DescriptionList } from "@/components/ui/description-list";
import { Item, ItemList } from "@/components/ui/item-list";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/authz/decide";
import { findTest, type TestResult } from "@/lib/federation/doctor/test-connection";
import type { TestStep } from "@/lib/federation/doctor/test-step";
import { findConnection } from "@/lib/federation/manage-connections";
import { CONNECTION_PERMISSIONS } from "@/lib/federation/permissions";

export const metadata: Metadata = { title: "Test of a connection" };

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
  return (
    <div className="max-w-3xl">
      <PageHeader
        above={
          <Breadcrumb
            items={[
              { label: "Connections", href: LIST_PATH },
              { label: name, href: connectionPath(id) },
              { label: "Test" },
            ]}
          />
        }
        title={`Test of ${name}`}
        description="Each step of a sign-in, as it went just now. Nobody was signed in."
        actions={mayManage && <TestForm connection={connection} />}
      />
      <div className="space-y-6">
        <Verdict result={result} />
        <Section title="Steps" flush>
          <ItemList>
            {result.steps.map((step) => (
              <StepItem key={`${step.step} ${step.problem}`} step={step} />
            ))}
          </ItemList>
        </Section>
        <ClaimsSection title="Claims of the id token" claims={result.claims.idToken} />
        <ClaimsSection title="Claims of userinfo" claims={result.claims.userinfo} />
      </div>
    </div>
  );
}

function Verdict({ result: { steps, waiting } }: { result: TestResult }) {
  const problem = steps.find(({ outcome }) => outcome === "failed")?.problem;
  if (problem !== undefined) {
    return (
      <Callout tone="danger" title={PROBLEM_WORDS[problem].title}>
        <p>{PROBLEM_WORDS[problem].fix}</p>
      </Callout>
    );
  }
  if (waiting) {
    return (
      <Callout title="The provider has not answered yet">
        <p>
          Did it keep you on a page of its own? Then that page says why. Test again when it is
          mended.
        </p>
      </Callout>
    );
  }
  return (
    <Callout tone="success" title="The connection works">
      <p>Switch it on, and people can sign in with it.</p>
    </Callout>
  );
}

const MARKS = {
  passed: <CircleCheck aria-label="Passed" className="text-success" />,
  warning: <TriangleAlert aria-label="Warning" className="text-warning" />,
  failed: <CircleAlert aria-label="Failed" className="text-danger" />,
} as const;

function StepItem({ step: { step, outcome, problem, said, facts } }: { step: TestStep }) {
  const seen = Object.entries(facts ?? {}).filter(([, value]) => value !== "");
  return (
    <Item leading={MARKS[outcome]} title={STEP_NAMES[step]}>
      {problem !== undefined && (
        <>
          <p className="font-medium text-ink">{PROBLEM_WORDS[problem].title}</p>
          <p>{PROBLEM_WORDS[problem].fix}</p>
        </>
      )}
      {said && (
        <p className="mt-1">
          It says: <Code>{said}</Code>
        </p>
      )}
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
