import "server-only";
import { accessibleRows, can } from "@/lib/authz/decide";
import type { GuardRejection } from "@/lib/authz/guarded-change";
import { lockInstance } from "@/lib/authz/holdings-store";
import type { Impact, ImpactLine, WaitingImpact } from "@/lib/authz/impact/impact";
import { countUp, linesOf, namedIn } from "@/lib/authz/impact/measure";
import {
  countLiveSessions,
  listNames,
  listParts,
  listPartsGroups,
  listServiceParts,
} from "@/lib/authz/impact/parts-store";
import type { Parts } from "@/lib/authz/impact/person";
import type { Probe } from "@/lib/authz/impact/probe";
import { differenceOf, type Structure } from "@/lib/authz/impact/structure";
import { readStructure } from "@/lib/authz/impact/structure-store";
import { touchWaiting, type Waiting, type WaitingKind } from "@/lib/authz/impact/waiting";
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
  /** What waits for answers, of other features. */
  waiting?: WaitingKind[];
}

interface Seen {
  structure: Structure;
  users: Map<string, Parts>;
  services: Map<string, Parts>;
  waiting: Waiting[][];
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
      // Who is named in a condition of either side is told apart below, by those of both.
      users: await listParts(userIds, { ids: userIds, domains: [] }, tx),
      services: await listServiceParts(tx),
      waiting: lists,
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
export async function previewImpact<R>(
  caller: Caller,
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
    impact: await measure(caller, probe.options, seenBefore, seenAfter),
  };
}

const isRefusal = (result: unknown): boolean =>
  typeof result === "object" &&
  result !== null &&
  "outcome" in result &&
  (result.outcome === "rejected" || result.outcome === "not-found");

async function measure(
  caller: Caller,
  { naming, userIds = [], waiting = [] }: PreviewOptions,
  before: Seen,
  after: Seen & { foretold: GuardRejection | null },
): Promise<Impact> {
  const { organizationId, userId } = caller.principal;
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
  const domains = await listParts(userIds, named);
  const apart = userIds.map((id) => {
    const marks = (domains.get(id) ?? []).filter((part) => part.startsWith("d:"));
    const [had, has] = [before, after].map((seen) => [...(seen.users.get(id) ?? []), ...marks]);
    return { id, parts: had ?? [], lines: linesOf(both, had ?? [], has ?? []) };
  });
  const serviceIds = [...new Set([...before.services.keys(), ...after.services.keys()])];
  const services = serviceIds.filter(
    (id) => linesOf(both, before.services.get(id) ?? [], after.services.get(id) ?? []).length > 0,
  );

  const counted = countUp([...groups, ...apart.map(({ lines }) => ({ people: 1, lines }))]);
  // What somebody is in another organization is nobody's here (ATK-43).
  const nameable = [
    ...apart,
    ...groups.flatMap(({ firstIds, lines }) => firstIds.map((id) => ({ id, lines }))),
  ].flatMap(({ id, lines }) => {
    const here = lines.filter((line) => line.organizationId === organizationId);
    return here.length === 0 ? [] : [{ id, lines: here }];
  });
  const linesById = new Map(
    nameable
      .sort((a, b) => a.id.localeCompare(b.id))
      .slice(0, NAMES_MAX)
      .map(({ id, lines }) => [id, lines]),
  );
  const people = (await can(caller, naming))
    ? await listNames([...linesById.keys()], organizationId, await accessibleRows(caller, naming))
    : [];
  return {
    ...counted,
    named: people.map((person) => ({ ...person, lines: linesById.get(person.id) ?? [] })),
    unnamed: counted.people - people.length,
    services: services.length,
    sessions: await countSessions(),
    own: await linesOfAuthor(),
    foretold: after.foretold,
    waiting: await touchedWaiting(),
  };

  async function touchedWaiting(): Promise<WaitingImpact[]> {
    const askers = await linesByUser(
      before.waiting.flatMap((list) => list.map((one) => one.userId)),
    );
    const touched = [
      ...groups,
      ...apart.map(({ id, ...person }) => ({ ...person, people: 1, exampleId: id })),
    ];
    return waiting.flatMap((kind, index) => {
      const lists: [Waiting[], Waiting[]] = [
        before.waiting[index] ?? [],
        after.waiting[index] ?? [],
      ];
      const reached = { askers, groups: touched };
      return touchWaiting(kind, lists, before.structure, difference, reached) ?? [];
    });
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

  async function countSessions(): Promise<number> {
    const ofGroups = groups.reduce((sum, { lines, sessions }) => {
      const places = new Set(lines.map((line) => line.organizationId));
      return [...places].reduce((inner, place) => inner + (sessions[place] ?? 0), sum);
    }, 0);
    const ofApart = (await countLiveSessions(userIds))
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
    if (caller.principal.means === "service") return [];
    const own = apart.find(({ id }) => id === userId);
    if (own !== undefined) return own.lines;
    const parts = (await listParts([userId], named)).get(userId) ?? [];
    return linesOf(both, parts, parts);
  }
}
