import "server-only";
import type { Row } from "@/lib/authz/ability";
import {
  type LoadedRules,
  listPolicyAllowed,
  readRulesOf,
  readRulesOfUsers,
} from "@/lib/authz/load-rules";
import { ownerFieldOf } from "@/lib/authz/resource-types";
import {
  type Circumstances,
  callerFrom,
  imagineService,
  type Subject,
} from "@/lib/decisions/imagine-caller";
import { listCandidates, listServiceIds, type Walked } from "@/lib/decisions/subject-store";
import type { Caller } from "@/lib/shared/caller";
import type { Permission } from "@/lib/shared/permission";

/** Candidates that are judged together. */
const BATCH_SIZE = 200;
/** Nobody waits for more: a page may be short, and the next one goes on from there. */
const CANDIDATES_MAX = 2_000;

export interface Candidate {
  subject: Subject;
  name: string | null;
  caller: Caller;
  loaded: LoadedRules;
}

export interface SubjectQuestion {
  type: Subject["type"];
  organizationId: string;
  permission: Permission;
  /** Null asks whether there is any record. */
  record: Row | null;
  circumstances: Circumstances;
}

export interface SubjectPage<T> {
  items: T[];
  /** After whom the next page goes on; null after the last. */
  nextAfterId: string | null;
}

/**
 * Those of the organization for whom `judgeOne` has an answer, by id. It looks at whoever could
 * hold the permission at all, a batch at a time, and never at everybody at once.
 */
export async function listSubjects<T>(
  question: SubjectQuestion,
  judgeOne: (candidate: Candidate) => T | null,
  afterId: string | null,
  limit: number,
): Promise<SubjectPage<T>> {
  const items: T[] = [];
  let at = afterId;
  for (let seen = 0; seen < CANDIDATES_MAX; ) {
    const walked = { afterId: at, countMax: BATCH_SIZE };
    const batch = await listBatch(question, walked);
    for (const candidate of batch) {
      const item = judgeOne(candidate);
      at = candidate.subject.id;
      if (item === null) continue;
      items.push(item);
      if (items.length === limit) {
        const isLast = batch.length < BATCH_SIZE && candidate === batch.at(-1);
        return { items, nextAfterId: isLast ? null : at };
      }
    }
    if (batch.length < BATCH_SIZE) return { items, nextAfterId: null };
    seen += batch.length;
  }
  return { items, nextAfterId: at };
}

const listBatch = (question: SubjectQuestion, walked: Walked): Promise<Candidate[]> =>
  question.type === "user" ? listUserBatch(question, walked) : listServiceBatch(question, walked);

async function listUserBatch(
  { organizationId, permission, record, circumstances }: SubjectQuestion,
  walked: Walked,
): Promise<Candidate[]> {
  const ownerField = ownerFieldOf(permission.resourceType);
  const owner = ownerField === undefined ? undefined : record?.[ownerField];
  const allowedByPolicy = await listPolicyAllowed(organizationId);
  const rows = await listCandidates(
    permission.key,
    organizationId,
    {
      everybody: allowedByPolicy.has(permission.key),
      ownerId: typeof owner === "string" ? owner : null,
    },
    walked,
    circumstances.acr,
  );
  const ids = rows.map(({ userId }) => userId);
  const rules = await readRulesOfUsers(ids, organizationId);
  return rows.flatMap((row) => {
    const loaded = rules.get(row.userId);
    if (loaded === undefined) return [];
    const subject = { type: "user", id: row.userId, label: row.email } as const;
    return [{ subject, name: row.name, caller: callerFrom(row, circumstances), loaded }];
  });
}

async function listServiceBatch(
  { organizationId, circumstances }: SubjectQuestion,
  walked: Walked,
): Promise<Candidate[]> {
  const found: Candidate[] = [];
  for (const id of await listServiceIds(organizationId, walked)) {
    const caller = await imagineService(id, organizationId, circumstances);
    if (caller === null) continue;
    const { name } = caller.principal;
    const loaded = await readRulesOf(caller.principal);
    found.push({ subject: { type: "service", id, label: name ?? id }, name, caller, loaded });
  }
  return found;
}
