import "server-only";
import { formsOf } from "@/lib/authz/impact/held-form";
import type { ImpactLine, WaitingImpact } from "@/lib/authz/impact/impact";
import { type Parts, placesOf } from "@/lib/authz/impact/person";
import { givenRoles, type Structure } from "@/lib/authz/impact/structure";
import type { Db } from "@/lib/platform/db/client";
import type { Permission } from "@/lib/shared/permission";

/** Something of another feature that waits until somebody answers it: that a role is asked for. */
export interface Waiting {
  id: string;
  organizationId: string;
  /** Whom the role would be given to; they do not answer it themselves. */
  userId: string;
  roleId: string;
}

/** A kind of it. All that waits is read in the transaction of the change, so it has to be cheap. */
export interface WaitingKind {
  key: string;
  /** Whoever answers has this permission, and all that the role gives. */
  answeredBy: Permission;
  list(tx: Db): Promise<Waiting[]>;
}

/** What one person alone is asked, and waits until they answer: how much of it there is for each. */
export interface WaitingForOne {
  organizationId: string;
  answererId: string;
  count: number;
}

/** A kind of that. It is counted after the change is taken back, which does not write it. */
export interface AskedKind {
  key: string;
  /** Whoever answers has this permission. */
  answeredBy: Permission;
  list(): Promise<WaitingForOne[]>;
}

/** How much waits for somebody who could not answer it any more; null for nothing. */
export function touchAsked(
  { key, answeredBy }: AskedKind,
  waiting: WaitingForOne[],
  linesByUser: ReadonlyMap<string, ImpactLine[]>,
): WaitingImpact | null {
  const fewerAnswer = waiting
    .filter(({ organizationId, answererId }) =>
      (linesByUser.get(answererId) ?? []).some(
        (line) =>
          line.difference === "lost" &&
          line.permissionKey === answeredBy.key &&
          line.organizationId === organizationId,
      ),
    )
    .reduce((sum, { count }) => sum + count, 0);
  return fewerAnswer === 0 ? null : { key, touched: 0, over: 0, fewerAnswer };
}

/** People for whom the same differs. */
export interface TouchedPeople {
  people: number;
  exampleId: string;
  parts: Parts;
  lines: ImpactLine[];
}

/** Nobody passes on more than they hold, so that less of something can be too little to answer. */
const isLoss = ({ difference }: ImpactLine): boolean =>
  difference === "lost" || difference === "narrower";

/** What a change does to all that waits; null for nothing. */
export function touchWaiting(
  { key, answeredBy }: WaitingKind,
  [before, after]: [Waiting[], Waiting[]],
  structure: Structure,
  difference: { roleIds: string[] },
  { askers, groups }: { askers: ReadonlyMap<string, ImpactLine[]>; groups: TouchedPeople[] },
): WaitingImpact | null {
  const left = new Set(after.map(({ id }) => id));
  const losing = groups
    .filter(({ lines }) => lines.some(isLoss))
    .map((group) => ({ ...group, forms: formsByPlace(group.parts, structure) }));

  /** The permission, and all that the role gives: whoever lacks any of it answers no longer. */
  const neededFor = (roleId: string): string[] => [
    answeredBy.key,
    ...givenRoles(structure, roleId).flatMap((id) =>
      (structure.roles.get(id)?.grants ?? []).map(({ permissionKey }) => permissionKey),
    ),
  ];
  const isUnanswered = ({ organizationId, userId, roleId }: Waiting): boolean => {
    const needed = neededFor(roleId);
    return losing.some(({ people, exampleId, lines, forms }) => {
      if (people === 1 && exampleId === userId) return false;
      const held = forms.get(organizationId);
      return (
        needed.every((one) => held?.has(one) === true) &&
        lines.some(
          (line) =>
            isLoss(line) &&
            line.organizationId === organizationId &&
            needed.includes(line.permissionKey),
        )
      );
    });
  };
  const isTouched = ({ id, organizationId, userId, roleId }: Waiting): boolean =>
    !left.has(id) ||
    difference.roleIds.includes(roleId) ||
    (askers.get(userId) ?? []).some((line) => line.organizationId === organizationId);

  const counts = {
    touched: before.filter(isTouched).length,
    over: before.filter(({ id }) => !left.has(id)).length,
    fewerAnswer: before.filter((one) => left.has(one.id) && isUnanswered(one)).length,
  };
  return counts.touched + counts.fewerAnswer === 0 ? null : { key, ...counts };
}

const formsByPlace = (parts: Parts, structure: Structure) =>
  new Map(
    placesOf(parts, structure).map((person) => [person.organizationId, formsOf(person, structure)]),
  );
