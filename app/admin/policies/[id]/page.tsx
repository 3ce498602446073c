import { notFound } from "next/navigation";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { ClientWords } from "@/app/_locale/client-words";
import { getTranslations, titled } from "@/app/_locale/translations";
import { conditionCatalogue } from "@/app/admin/condition-catalogue";
import { DeleteDialog, ForceActions } from "@/app/admin/policies/[id]/dialogs";
import { ShadowCounts } from "@/app/admin/policies/[id]/shadow-counts";
import { VersionList } from "@/app/admin/policies/[id]/version-list";
import {
  describePolicyAction,
  saveVersionAction,
  tryPolicyAction,
} from "@/app/admin/policies/actions";
import { LIST_PATH, policyPath } from "@/app/admin/policies/address";
import { policyChoices } from "@/app/admin/policies/permission-choices";
import { PolicyFlash } from "@/app/admin/policies/policy-flash";
import { getPolicyTranslator, versionInWords } from "@/app/admin/policies/policy-words";
import { StageBadges } from "@/app/admin/policies/stage-badges";
import { namesOf } from "@/components/admin/condition-editor/names-of";
import { PolicyContentFields } from "@/components/admin/policies/permission-fields";
import { TestBench } from "@/components/admin/policies/test-bench";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { TextField } from "@/components/form/text-field";
import { Breadcrumb } from "@/components/ui/breadcrumb";
import { Section } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { readCondition } from "@/lib/authz/condition.schema";
import { can } from "@/lib/authz/decide";
import { findPolicy } from "@/lib/policies/list-policies";
import { POLICY_PERMISSIONS } from "@/lib/policies/permissions";

export const generateMetadata = titled("admin-policies.policy");

const EDITOR = "policy-editor";

export default async function PolicyPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const caller = await requirePermission(policyPath(id), POLICY_PERMISSIONS.view);
  const details = await answerDenials(() => findPolicy(caller, id));
  const [newest] = details?.versions ?? [];
  if (details === null || newest === undefined) notFound();

  const { policy, versions, shadowCounts } = details;
  const mayManage = await can(caller, POLICY_PERMISSIONS.manage);
  const catalogue = await conditionCatalogue(
    caller,
    versions.map(({ condition }) => condition),
  );
  const names = namesOf(catalogue);
  const active = versions.find(({ number }) => number === policy.activeNumber);
  const permissions = await policyChoices();
  const words = await getPolicyTranslator();
  const list = await getTranslations("admin-policies");
  const t = await getTranslations("admin-policies.policy");
  const place = list(policy.organizationId === null ? "everywhere" : "here");
  return (
    <div className="max-w-4xl">
      <PolicyFlash />
      <PageHeader
        above={
          <Breadcrumb items={[{ label: list("title"), href: LIST_PATH }, { label: policy.name }]} />
        }
        title={policy.name}
        aside={<StageBadges policy={policy} />}
        description={[policy.description, place].filter(Boolean).join(" ")}
        actions={mayManage && <DeleteDialog policy={policy} />}
      />
      <ClientWords areas={["admin-policy-editor", "conditions"]}>
        <div className="space-y-6">
          <Section
            title={t("inForce")}
            actions={mayManage && <ForceActions policy={policy} newest={newest} />}
          >
            <p className="text-ink text-sm [overflow-wrap:anywhere]">
              {active === undefined ? t("none") : versionInWords(words, active, names)}
            </p>
          </Section>
          <Section title={t("versions")} description={t("versionsText")} flush>
            <VersionList
              policy={policy}
              versions={versions}
              names={names}
              words={words}
              mayManage={mayManage}
            />
          </Section>
          {shadowCounts.length > 0 && (
            <Section title={t("seen")} description={t("seenText")} flush>
              <ShadowCounts counts={shadowCounts} />
            </Section>
          )}
          {mayManage && (
            <Section title={t("write")} description={t("writeText")}>
              <ActionForm
                action={saveVersionAction}
                aria-label={t("newVersion", { name: policy.name })}
                id={EDITOR}
              >
                <input type="hidden" name="id" value={policy.id} />
                <input type="hidden" name="version" value={policy.version} />
                <PolicyContentFields
                  key={newest.number}
                  draft={{
                    effect: newest.effect,
                    permissions: newest.permissions,
                    fields: newest.fields,
                    condition: newest.condition === null ? null : readCondition(newest.condition),
                  }}
                  permissions={permissions}
                  catalogue={catalogue}
                />
                <TextField
                  name="note"
                  label={t("why")}
                  hint={t("whyHint")}
                  maxLength={200}
                  autoComplete="off"
                  optional
                />
                <div>
                  <SubmitButton>{t("saveVersion")}</SubmitButton>
                </div>
              </ActionForm>
            </Section>
          )}
          <Section title={list("bench.title")} description={list("bench.description")}>
            <TestBench
              action={tryPolicyAction}
              editorId={EDITOR}
              policyId={policy.id}
              versions={versions.map(({ number }) => number)}
              permissions={permissions}
              catalogue={catalogue}
              initial={{
                email: caller.principal.email,
                asked: newest.permissions[0] ?? "",
              }}
            />
          </Section>
          {mayManage && (
            <Section title={list("name")}>
              <ActionForm
                // What is drawn and the version that it is of change together.
                key={`${policy.name} ${policy.description}`}
                action={describePolicyAction}
                aria-label={t("describe", { name: policy.name })}
              >
                <input type="hidden" name="id" value={policy.id} />
                <input type="hidden" name="version" value={policy.version} />
                <TextField
                  name="name"
                  label={list("name")}
                  defaultValue={policy.name}
                  maxLength={60}
                  autoComplete="off"
                  fieldClassName="sm:max-w-md"
                  required
                />
                <TextField
                  name="description"
                  label={list("about")}
                  defaultValue={policy.description}
                  maxLength={200}
                  autoComplete="off"
                  optional
                />
                <div>
                  <SubmitButton>{t("save")}</SubmitButton>
                </div>
              </ActionForm>
            </Section>
          )}
        </div>
      </ClientWords>
    </div>
  );
}
