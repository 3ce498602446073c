import "server-only";
import { listHeirsAsOperator, type RoleWriteRejection } from "@/lib/authz/operate-roles";
import { setBrandingAsOperator } from "@/lib/branding/operate-branding";
import {
  type ClientRejection,
  dropClient,
  makeClaimChange,
  putClient,
} from "@/lib/configuration/client-changes";
import type {
  ConnectionEntry,
  DomainEntry,
  DutyEntry,
  OrganizationEntry,
  PolicyEntry,
} from "@/lib/configuration/configuration.schema";
import {
  type ConnectionRejection,
  makeConnectionChange,
} from "@/lib/configuration/connection-changes";
import { UnknownName } from "@/lib/configuration/names";
import type { Difference, Kind } from "@/lib/configuration/plan";
import { makePolicyChange } from "@/lib/configuration/policy-changes";
import { dropRole, inherit, putRole } from "@/lib/configuration/role-changes";
import {
  deepestFirst,
  dropTeam,
  moveTeam,
  parentOf,
  putTeam,
  setTeamRoles,
} from "@/lib/configuration/team-changes";
import { isHere, ownPlace, placeOf, type Work } from "@/lib/configuration/work";
import {
  addDomainAsOperator,
  type DomainWriteRejection,
  removeDomainAsOperator,
  setAutoJoinAsOperator,
} from "@/lib/domains/operate-domains";
import {
  changeConflictAsOperator,
  createConflictAsOperator,
  deleteConflictAsOperator,
} from "@/lib/duties/operate-duties";
import type { ClaimWriteRejection } from "@/lib/oidc/operate-claims";
import {
  createOrganizationAsOperator,
  deleteOrganizationAsOperator,
  type OrganizationWriteRejection,
  renameOrganizationAsOperator,
  setSignInRulesAsOperator,
} from "@/lib/organizations/operate-organizations";
import { isUniqueViolation } from "@/lib/platform/db/errors";
import { newId } from "@/lib/platform/id";
import type { PolicyWriteRejection } from "@/lib/policies/operate-policies";
import type { TeamWriteRejection } from "@/lib/teams/operate-teams";

type Rejection =
  | RoleWriteRejection
  | PolicyWriteRejection
  | TeamWriteRejection
  | OrganizationWriteRejection
  | DomainWriteRejection
  | ClientRejection
  | ConnectionRejection
  | ClaimWriteRejection
  /** A name, an address or a secret that has to be one's own is another's already. */
  | { outcome: "rejected"; reason: "taken" }
  | NonNullable<Awaited<ReturnType<typeof changeConflictAsOperator>>>
  | { outcome: "rejected"; reason: "unknown-name"; what: UnknownName["kind"]; name: string };

/** Why one of the changes cannot be made: then none is. */
export class ChangeRefused extends Error {
  constructor(
    readonly difference: Difference,
    readonly rejection: Rejection,
  ) {
    super("a change of the configuration was refused");
    this.name = "ChangeRefused";
  }
}

/**
 * Makes these changes, within a guarded change, by the rules that hold for everybody who makes them one
 * at a time. Throws {@link ChangeRefused} at the first that cannot be made.
 */
export async function makeChanges(differences: Difference[], work: Work): Promise<void> {
  const { names } = work.present;
  const of = (kind: Kind, which: (one: Difference) => boolean = () => true) =>
    differences.filter((one) => one.kind === kind && which(one));
  const stays = ({ after }: Difference) => after !== null;
  const goes = ({ after }: Difference) => after === null;
  const isActive = ({ after }: Difference) => (after as PolicyEntry | null)?.stage === "active";
  /** Each one after the other, as they share the transaction. */
  const each = async (
    list: Difference[],
    make: (difference: Difference) => Promise<Rejection | null | void>,
  ) => {
    for (const difference of list) {
      const rejection = (await refusing(() => make(difference))) ?? null;
      if (rejection !== null) throw new ChangeRefused(difference, rejection);
    }
  };

  await each(of("organization", stays), (one) => putOrganization(one, work));
  // Before single sign-on may be the only way in there is one, and it is until it need not be.
  await each(
    of("sign-in-rules", (one) => !isClosed(one)),
    (one) => setSignInRules(one, work),
  );
  await each(of("look"), (one) => setLook(one, work));
  // Names are taken until they are free.
  await each(of("policy", goes), (one) => makePolicyChange(one, placeOf(one, names), work));
  await each(of("claim", goes), (one) => makeClaimChange(one, work));
  await each(of("client", goes), (one) => dropClient(one, work));
  await each(of("role", goes), (one) => dropRole(one, work));

  // What conditions name has its id before anything is written.
  const isNew = ({ before, after }: Difference) => before === null && after !== null;
  for (const one of of("role", isNew)) {
    names.addRole({ id: newId(), name: one.name, organizationId: placeOf(one, names) });
  }
  // What goes is named by nothing any more.
  for (const { name, organization } of of("team", goes)) names.forgetTeam(name, organization);
  for (const one of of("team", isNew)) {
    names.addTeam({ id: newId(), name: one.name, organizationId: placeOf(one, names) });
  }
  await each(of("role", stays), (one) => putRole(one, work));
  // In two steps, so that no order of names closes a way that the file does not have.
  const heirs = of("role", stays).length === 0 ? [] : await listHeirsAsOperator(work.tx);
  await each(of("role", stays), (one) => inherit(one, "less", heirs, work));
  await each(of("role", stays), (one) => inherit(one, "all", heirs, work));

  await each(of("team", stays), (one) => putTeam(one, work));
  const moved = of("team", (one) => stays(one) && parentOf(one.before) !== parentOf(one.after));
  if (moved.length > 1) await each(moved, (one) => moveTeam(one, null, work));
  await each(moved, (one) => moveTeam(one, parentOf(one.after), work));
  await each(of("team", stays), (one) => setTeamRoles(one, work));
  await each(deepestFirst(of("team", goes), work.present), (one) => dropTeam(one, work));

  await each(
    of("policy", (one) => stays(one) && !isActive(one)),
    (one) => makePolicyChange(one, placeOf(one, names), work),
  );
  await each(of("policy", isActive), (one) => makePolicyChange(one, placeOf(one, names), work));
  await each(of("client", stays), (one) => putClient(one, work));
  await each(of("claim", stays), (one) => makeClaimChange(one, work));
  await each(of("duty"), (one) => makeDutyChange(one, work));
  await each(of("domain"), (one) => makeDomainChange(one, work));
  await each(of("connection", isOffered), (one) => connect(one, work));
  await each(of("sign-in-rules", isClosed), (one) => setSignInRules(one, work));
  await each(
    of("connection", (one) => !isOffered(one)),
    (one) => connect(one, work),
  );
  await each(of("organization", goes), (one) => dropOrganization(one, work));
}

const isClosed = ({ after }: Difference): boolean =>
  (after as OrganizationEntry["signIn"] | null)?.ssoRequired === true;

const isOffered = ({ after }: Difference): boolean =>
  (after as ConnectionEntry | null)?.enabled === true;

/** What a file names and nothing is called so is a refusal like all others. */
async function refusing(
  make: () => Promise<Rejection | null | void>,
): Promise<Rejection | null | void> {
  try {
    return await make();
  } catch (error) {
    // The transaction is over with it, and so are all changes.
    if (isUniqueViolation(error)) return { outcome: "rejected", reason: "taken" };
    if (!(error instanceof UnknownName)) throw error;
    return { outcome: "rejected", reason: "unknown-name", what: error.kind, name: error.ref };
  }
}

async function putOrganization(
  { name: slug, before, after }: Difference,
  { operator, present, tx }: Work,
): Promise<OrganizationWriteRejection | null> {
  const { name } = after as OrganizationEntry;
  const row = present.organizations.find((one) => one.slug === slug);
  if (before !== null && row !== undefined) {
    return renameOrganizationAsOperator(operator, row, name, tx);
  }
  const id = newId();
  await createOrganizationAsOperator(operator, { id, slug, name }, tx);
  present.names.addOrganization(slug, id);
  return null;
}

async function dropOrganization(
  { name: slug }: Difference,
  { operator, present, tx }: Work,
): Promise<OrganizationWriteRejection | null> {
  const row = present.organizations.find((one) => one.slug === slug);
  return row === undefined ? null : deleteOrganizationAsOperator(operator, row, tx);
}

async function setSignInRules(
  one: Difference,
  { operator, present, tx }: Work,
): Promise<OrganizationWriteRejection | null> {
  const rules = one.after as NonNullable<OrganizationEntry["signIn"]>;
  const organizationId = present.names.organizationId(one.name);
  return setSignInRulesAsOperator(operator, organizationId, rules, tx);
}

const setLook = (one: Difference, { operator, present, tx }: Work) =>
  setBrandingAsOperator(
    operator,
    present.names.organizationId(one.name),
    one.after as NonNullable<OrganizationEntry["look"]>,
    tx,
  );

const connect = (one: Difference, work: Work): Promise<Rejection | null> =>
  makeConnectionChange(one, ownPlace(one, work.present.names), work);

async function makeDutyChange(one: Difference, { operator, present, tx }: Work) {
  const place = placeOf(one, present.names);
  const row = present.duties.find(isHere(one.name, place));
  const wanted = one.after as DutyEntry | null;
  if (wanted === null) {
    if (row !== undefined) await deleteConflictAsOperator(operator, row, tx);
    return null;
  }
  return row === undefined
    ? createConflictAsOperator(operator, place, wanted, tx)
    : changeConflictAsOperator(operator, row, wanted, tx);
}

async function makeDomainChange(one: Difference, { operator, present, tx }: Work) {
  const organizationId = ownPlace(one, present.names);
  const wanted = one.after as DomainEntry | null;
  const row = present.domains.find(
    (other) => other.domain === one.name && other.organizationId === organizationId,
  );
  if (wanted === null) {
    if (row !== undefined) await removeDomainAsOperator(operator, row, tx);
    return null;
  }
  if (row !== undefined) return setAutoJoinAsOperator(operator, row, wanted.autoJoin, tx);
  if (wanted.autoJoin) return { outcome: "rejected", reason: "unverified" } as const;
  return addDomainAsOperator(operator, organizationId, wanted.domain, tx);
}
