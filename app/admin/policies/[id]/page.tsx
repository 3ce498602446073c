import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { answerDenials, requirePermission } from "@/app/_http/page";
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
import { POLICY_CHOICES } from "@/app/admin/policies/permission-choices";
import { PolicyFlash } from "@/app/admin/policies/policy-flash";
import { versionInWords } from "@/app/admin/policies/policy-words";
import { StageBadges } from "@/app/admin/policies/stage-badges";
import { namesOf } from "@/components/admin/condition-editor/names-of";
import { PolicyContentFields } from "@/components/admin/policies/permission-fields";
import { TestBench } from "@/components/admin/policies/test-bench";
import { EditedVersion, VersionedForms } from "@/components/admin/versioned-forms";
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

export const metadata: Metadata = { title: "Policy" };

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
  const place =
    policy.organizationId === null ? "On the whole installation." : "In this organization.";
  return (
    <div className="max-w-4xl">
      <PolicyFlash />
      <PageHeader
        above={
          <Breadcrumb items={[{ label: "Policies", href: LIST_PATH }, { label: policy.name }]} />
        }
        title={policy.name}
        aside={<StageBadges policy={policy} />}
        description={[policy.description, place].filter(Boolean).join(" ")}
        actions={mayManage && <DeleteDialog policy={policy} />}
      />
      <VersionedForms>
        <div className="space-y-6">
          <Section
            title="In force"
            actions={mayManage && <ForceActions policy={policy} newest={newest} />}
          >
            <p className="text-ink text-sm [overflow-wrap:anywhere]">
              {active === undefined
                ? "No version is in force: this policy changes no decision."
                : versionInWords(active, names)}
            </p>
          </Section>
          <Section
            title="Versions"
            description="They never change. Putting an earlier one in force rolls the policy back."
            flush
          >
            <VersionList policy={policy} versions={versions} names={names} mayManage={mayManage} />
          </Section>
          {shadowCounts.length > 0 && (
            <Section
              title="Seen in shadow"
              description="Decisions that would have come out differently, by day."
              flush
            >
              <ShadowCounts counts={shadowCounts} />
            </Section>
          )}
          {mayManage && (
            <Section
              title="Write a version"
              description="Begins with the newest one. It is in force only after you put it there."
            >
              <ActionForm
                action={saveVersionAction}
                aria-label={`A new version of ${policy.name}`}
                id={EDITOR}
              >
                <input type="hidden" name="id" value={policy.id} />
                <EditedVersion version={policy.version} />
                <PolicyContentFields
                  key={newest.number}
                  draft={{
                    effect: newest.effect,
                    permissions: newest.permissions,
                    fields: newest.fields,
                    condition: newest.condition === null ? null : readCondition(newest.condition),
                  }}
                  permissions={POLICY_CHOICES}
                  catalogue={catalogue}
                />
                <TextField
                  name="note"
                  label="Why"
                  hint="For whoever reads the versions."
                  maxLength={200}
                  autoComplete="off"
                  optional
                />
                <div>
                  <SubmitButton>Save version</SubmitButton>
                </div>
              </ActionForm>
            </Section>
          )}
          <Section
            title="Test bench"
            description="What the rules say to a request that somebody could make. Nothing of it is done."
          >
            <TestBench
              action={tryPolicyAction}
              editorId={EDITOR}
              policyId={policy.id}
              versions={versions.map(({ number }) => number)}
              permissions={POLICY_CHOICES}
              catalogue={catalogue}
              initial={{
                email: caller.principal.email,
                asked: newest.permissions[0] ?? "",
              }}
            />
          </Section>
          {mayManage && (
            <Section title="Name">
              <ActionForm
                action={describePolicyAction}
                aria-label={`Name and description of ${policy.name}`}
              >
                <input type="hidden" name="id" value={policy.id} />
                <EditedVersion version={policy.version} />
                <TextField
                  name="name"
                  label="Name"
                  defaultValue={policy.name}
                  maxLength={60}
                  autoComplete="off"
                  fieldClassName="sm:max-w-md"
                  required
                />
                <TextField
                  name="description"
                  label="Description"
                  defaultValue={policy.description}
                  maxLength={200}
                  autoComplete="off"
                  optional
                />
                <div>
                  <SubmitButton>Save</SubmitButton>
                </div>
              </ActionForm>
            </Section>
          )}
        </div>
      </VersionedForms>
    </div>
  );
}
