import "server-only";
import type { Row } from "@/lib/authz/ability";
import { authorize } from "@/lib/authz/authorize";
import { loadRules } from "@/lib/authz/load-rules";
import { DECISION_PERMISSIONS } from "@/lib/authz/permissions";
import { type Catalogue, findAskedRecord, permissionNamed } from "@/lib/decisions/catalogue";
import { type Circumstances, imagineCaller, type SubjectRef } from "@/lib/decisions/imagine-caller";
import { judge } from "@/lib/decisions/judge";
import { listAllowedRecords } from "@/lib/decisions/list-objects";
import { type Candidate, listSubjects } from "@/lib/decisions/list-subjects";
import type { Caller } from "@/lib/shared/caller";

interface Walked {
  afterId: string | null;
  limit: number;
}

export interface FoundIds {
  ids: string[];
  nextAfterId: string | null;
}

const NOTHING: FoundIds = { ids: [], nextAfterId: null };

interface Asked {
  permission: string;
  resource: { type: string; id: string; properties: Row };
  circumstances: Circumstances;
}

/** The users or services for whom an evaluation would be answered with yes, by id. */
export async function searchSubjects(
  caller: Caller,
  type: SubjectRef["type"] | null,
  { permission: key, resource, circumstances }: Asked,
  { afterId, limit }: Walked,
  catalogue: Catalogue,
): Promise<FoundIds> {
  await authorize(caller, DECISION_PERMISSIONS.evaluate);
  const { organizationId } = caller.principal;
  const permission = permissionNamed(catalogue, key);
  if (type === null || permission?.resourceType !== resource.type) return NOTHING;
  const record = await findAskedRecord(catalogue, resource, organizationId);
  if (record === null) return NOTHING;
  const judgeOne = ({ subject, caller: asked, loaded }: Candidate): string | null =>
    judge(asked, loaded, permission, record).judgement.outcome === "allowed" ? subject.id : null;
  const question = { type, organizationId, permission, record, circumstances };
  const { items, nextAfterId } = await listSubjects(question, judgeOne, afterId, limit);
  return { ids: items, nextAfterId };
}

/** The records for which it would be, by id; of a type whose records are not ours, none. */
export async function searchResources(
  caller: Caller,
  subject: SubjectRef | null,
  {
    permission: key,
    resource,
    circumstances,
  }: Omit<Asked, "resource"> & { resource: { type: string } },
  walked: Walked,
  catalogue: Catalogue,
): Promise<FoundIds> {
  await authorize(caller, DECISION_PERMISSIONS.evaluate);
  const permission = permissionNamed(catalogue, key);
  if (subject === null || permission?.resourceType !== resource.type) return NOTHING;
  const imagined = await imagineCaller(subject, caller.principal.organizationId, circumstances);
  if (imagined.outcome !== "found") return NOTHING;
  const loaded = await loadRules(imagined.caller.principal);
  const page = await listAllowedRecords(imagined.caller, loaded, permission, catalogue, walked);
  return { ids: page.items.map(({ id }) => id), nextAfterId: page.nextAfterId };
}

/** The keys of the permissions for which it would be, by key. */
export async function searchActions(
  caller: Caller,
  subject: SubjectRef | null,
  { resource, circumstances }: Omit<Asked, "permission">,
  catalogue: Catalogue,
): Promise<string[]> {
  await authorize(caller, DECISION_PERMISSIONS.evaluate);
  const { organizationId } = caller.principal;
  const permissions = catalogue.permissions.filter(
    ({ resourceType }) => resourceType === resource.type,
  );
  if (subject === null || permissions.length === 0) return [];
  const [imagined, record] = await Promise.all([
    imagineCaller(subject, organizationId, circumstances),
    findAskedRecord(catalogue, resource, organizationId),
  ]);
  if (imagined.outcome !== "found" || record === null) return [];
  const loaded = await loadRules(imagined.caller.principal);
  return permissions
    .filter(
      (permission) =>
        judge(imagined.caller, loaded, permission, record).judgement.outcome === "allowed",
    )
    .map(({ key }) => key)
    .sort();
}
