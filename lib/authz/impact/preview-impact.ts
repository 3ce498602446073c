import "server-only";
import { type Authority, asCaller, type Operator } from "@/lib/authz/authority";
import { accessibleRows, can } from "@/lib/authz/decide";
import type { GuardRejection } from "@/lib/authz/guarded-change";
import { lockInstance } from "@/lib/authz/holdings-store";
import type { Impact, ImpactLine, ServiceImpact, WaitingImpact } from "@/lib/authz/impact/impact";
import { countUp, linesOf, namedIn } from "@/lib/authz/impact/measure";
import {
  countLiveSessions,
  listNames,
  listOwnParts,
  listParts,
  listPartsGroups,
  listServiceNames,
  listServiceParts,
  type NamedPerson,
  type SessionCount,
} from "@/lib/authz/impact/parts-store";
import type { Parts } from "@/lib/authz/impact/person";
import type { Probe } from "@/lib/authz/impact/probe";
import { differenceOf, type Structure } from "@/lib/authz/impact/structure";
import { readStructure } from "@/lib/authz/impact/structure-store";
import {
  type AskedKind,
  touchAsked,
  touchWaiting,
  type Waiting,
  type WaitingKind,
} from "@/lib/authz/impact/waiting";
import type { Db } from "@/lib/platform/db/client";
import type { Caller } from "@/lib/shared/caller";
import { isId } from "@/lib/shared/id.schema";
import type { Permission } from "@/lib/shared/permission";

/** Nobody reads a longer list; the counts are exact. */
const NAMES_MAX = 50;

export interface PreviewOptions {
  /** Which permission lets its holder see people by name. */
  naming: Permission;
  /** People whose own roles, teams or memberships the change writes; whoever else it reaches is found. */
  userIds?: string[] | undefined;
  /** Service accounts whose own roles it writes; they are told by name. */
  clientIds?: string[] | undefined;
  /** What waits for answers, of other features. */
  waiting?: WaitingKind[];
  /** The same of what one person alone is asked. */
  asked?: AskedKind[];
  /** Who is there by the change alone, and is told by what its author called them. */
  newcomer?: NamedPerson | undefined;
}

interface Seen {
  structure: Structure;
  users: Map<string, Parts>;
  services: Map<string, Parts>;
  waiting: Waiting[][];
  /** Live sessions of the few whose own rows the change writes. */
  sessions: SessionCount[];
}

class ImpactProbe implements Probe {
  seenBefore: Seen | null = null;
  seenAfter: (Seen & { foretold: GuardRejection | null }) | null = null;

  constructor(readonly options: PreviewOptions) {}

  async before(tx: Db): Promise<void> {
    // What is seen before and after differs by this change alone.
    await lockInstance(tx);
    this.seenAfter = null;
    this.seenBefore = await this.look(tx);
  }

  async after(tx: Db, foretold: GuardRejection | null): Promise<void> {
    this.seenAfter = { ...(await this.look(tx)), foretold };
  }

  private async look(tx: Db): Promise<Seen> {
    const structure = await readStructure(tx);
    const { userIds = [], waiting = [] } = this.options;
    const lists: Waiting[][] = [];
    for (const kind of waiting) lists.push(await kind.list(tx));
    return {
      structure,
      users: await listOwnParts(userIds, tx),
      services: await listServiceParts(tx),
      waiting: lists,
      sessions: await countLiveSessions(userIds, tx),
    };
  }
}

export type Previewed<R> = { outcome: "previewed"; impact: Impact } | R;

/**
 * What a change would do, for whoever may make it: `run` is the very use case with the probe in its
 * terms, so it authorizes, checks and refuses as a save does, and is taken back. Only the roles, teams
 * and policies are looked at while the instance is locked; the people are counted afterwards, and
 * exactly, however many they are. A refusal comes back as it is, and what its guard would refuse is
 * foretold in the impact.
 */
export const previewImpact = <R>(
  caller: Caller,
  options: PreviewOptions,
  run: (probe: Probe) => Promise<R>,
): Promise<Previewed<R>> => preview(asCaller(caller), options, run);

/** The same for the command line of the machine, which sees everybody, wherever they are. */
export const previewImpactAsOperator = <R>(
  operator: Operator,
  options: PreviewOptions,
  run: (probe: Probe) => Promise<R>,
): Promise<Previewed<R>> => preview(operator, options, run);

async function preview<R>(
  reader: Authority,
  options: PreviewOptions,
  run: (probe: Probe) => Promise<R>,
): Promise<Previewed<R>> {
  // An id that cannot exist is answered by the use case.
  const probe = new ImpactProbe({ ...options, userIds: options.userIds?.filter(isId) });
  const result = await run(probe);
  const { seenBefore, seenAfter } = probe;
  if (seenAfter === null || seenBefore === null) {
    if (seenBefore === null && !isRefusal(result)) {
      throw new Error("a change was made that should have been looked at only");
    }
    return result;
  }
  return {
    outcome: "previewed",
    impact: await measure(reader, probe.options, seenBefore, seenAfter),
  };
}

const sessionsOf = (seen: Seen): number =>
  seen.sessions.reduce((sum, { sessions }) => sum + sessions, 0);

const isRefusal = (result: unknown): boolean =>
  typeof result === "object" &&
  result !== null &&
  "outcome" in result &&
  (result.outcome === "rejected" || result.outcome === "not-found");

async function measure(
  reader: Authority,
  { naming, userIds = [], clientIds = [], waiting = [], asked = [], newcomer }: PreviewOptions,
  before: Seen,
  after: Seen & { foretold: GuardRejection | null },
): Promise<Impact> {
  const caller = reader.kind === "caller" ? reader.caller : null;
  const organizationId = caller?.principal.organizationId ?? null;
  const both: [Structure, Structure] = [before.structure, after.structure];
  const named = namedIn(both);
  const difference = differenceOf(...both);

  const found = await listPartsGroups(difference, named, userIds, organizationId, NAMES_MAX);
  const examples = await listParts(
    found.map(({ exampleId }) => exampleId),
    named,
  );
  const groups = found.map((group) => {
    const parts = examples.get(group.exampleId) ?? [];
    return { ...group, parts, lines: linesOf(both, parts, parts) };
  });
  const apart = userIds.map((id) => {
    const [had, has] = [before.users.get(id) ?? [], after.users.get(id) ?? []];
    return { id, parts: had, lines: linesOf(both, had, has) };
  });
  const serviceIds = [...new Set([...before.services.keys(), ...after.services.keys()])];
  const services = serviceIds
    .map((id) => ({
      id,
      lines: linesOf(both, before.services.get(id) ?? [], after.services.get(id) ?? []),
    }))
    .filter(({ lines }) => lines.length > 0);

  const counted = countUp([...groups, ...apart.map(({ lines }) => ({ people: 1, lines }))]);
  // What somebody is in another organization is nobody's here (ATK-43).
  const nameable = [
    ...apart,
    ...groups.flatMap(({ firstIds, lines }) => firstIds.map((id) => ({ id, lines }))),
  ].flatMap(({ id, lines }) => {
    const here = lines.filter((line) => [line.organizationId, null].includes(organizationId));
    return here.length === 0 ? [] : [{ id, lines: here }];
  });
  const linesById = new Map(
    nameable
      .sort((a, b) => a.id.localeCompare(b.id))
      .slice(0, NAMES_MAX)
      .map(({ id, lines }) => [id, lines]),
  );
  const present = await listVisible([...linesById.keys()]);
  const people =
    newcomer !== undefined && linesById.has(newcomer.id) ? [...present, newcomer] : present;
  return {
    ...counted,
    named: people.map((person) => ({ ...person, lines: linesById.get(person.id) ?? [] })),
    unnamed: counted.people - people.length,
    services: services.length,
    namedServices: await nameServices(),
    sessions: countSessions(),
    ended: sessionsOf(before) - sessionsOf(after),
    own: await linesOfAuthor(),
    foretold: after.foretold,
    waiting: await touchedWaiting(),
  };

  async function listVisible(ids: string[]): Promise<NamedPerson[]> {
    if (caller === null) return listNames(ids, null, {});
    if (!(await can(caller, naming))) return [];
    return listNames(ids, organizationId, await accessibleRows(caller, naming));
  }

  async function nameServices(): Promise<ServiceImpact[]> {
    const chosen = services.filter(({ id }) => clientIds.includes(id));
    const linesOfService = new Map(chosen.map(({ id, lines }) => [id, lines]));
    return (await listServiceNames([...linesOfService.keys()])).map(({ id, name }) => ({
      clientId: id,
      name,
      lines: linesOfService.get(id) ?? [],
    }));
  }

  async function touchedWaiting(): Promise<WaitingImpact[]> {
    const askers = await linesByUser(
      before.waiting.flatMap((list) => list.map((one) => one.userId)),
    );
    const touched = [
      ...groups,
      ...apart.map(({ id, ...person }) => ({ ...person, people: 1, exampleId: id })),
    ];
    const kinds: WaitingImpact[] = [];
    for (const kind of asked) {
      const list = await kind.list();
      const linesOfAnswerers = await linesByUser(list.map(({ answererId }) => answererId));
      const impact = touchAsked(kind, list, linesOfAnswerers);
      if (impact !== null) kinds.push(impact);
    }
    const requests = waiting.flatMap((kind, index) => {
      const lists: [Waiting[], Waiting[]] = [
        before.waiting[index] ?? [],
        after.waiting[index] ?? [],
      ];
      const reached = { askers, groups: touched };
      return touchWaiting(kind, lists, before.structure, difference, reached) ?? [];
    });
    return [...requests, ...kinds];
  }

  /** What differs for each of them. Many have the same parts, for which it is worked out once. */
  async function linesByUser(ids: string[]): Promise<Map<string, ImpactLine[]>> {
    const partsById = await listParts([...new Set(ids)], named);
    const known = new Map<string, ImpactLine[]>();
    const lines = new Map<string, ImpactLine[]>();
    for (const [id, parts] of partsById) {
      const same = parts.join(" ");
      const worked = known.get(same) ?? linesOf(both, parts, parts);
      known.set(same, worked);
      lines.set(id, worked);
    }
    for (const person of apart) lines.set(person.id, person.lines);
    return lines;
  }

  function countSessions(): number {
    const ofGroups = groups.reduce((sum, { lines, sessions }) => {
      const places = new Set(lines.map((line) => line.organizationId));
      return [...places].reduce((inner, place) => inner + (sessions[place] ?? 0), sum);
    }, 0);
    // What the change ends obeys nothing any more.
    const ofApart = after.sessions
      .filter((row) =>
        apart.some(
          ({ id, lines }) =>
            id === row.userId && lines.some((line) => line.organizationId === row.organizationId),
        ),
      )
      .reduce((sum, { sessions }) => sum + sessions, 0);
    return ofGroups + ofApart;
  }

  async function linesOfAuthor(): Promise<ImpactLine[]> {
    if (caller === null || caller.principal.means === "service") return [];
    const { userId } = caller.principal;
    const own = apart.find(({ id }) => id === userId);
    if (own !== undefined) return own.lines;
    const parts = (await listParts([userId], named)).get(userId) ?? [];
    return linesOf(both, parts, parts);
  }
}
