import "server-only";
import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Configuration } from "@/lib/configuration/configuration.schema";
import { NAMED_LISTS } from "@/lib/configuration/named-lists";

/** Kinds of things that are configured, in the order in which a plan tells of them. */
export const KINDS = [
  "organization",
  "sign-in-rules",
  "look",
  "domain",
  "role",
  "team",
  "policy",
  "duty",
  "connection",
  "client",
  "claim",
] as const;
export type Kind = (typeof KINDS)[number];

/** One thing that is different, as the files before and after would say it. */
export interface Difference {
  kind: Kind;
  /** The slug of whose it is; null is the whole installation's. */
  organization: string | null;
  name: string;
  /** Null where it is new. */
  before: object | null;
  /** Null where it goes. */
  after: object | null;
}

export interface Plan {
  differences: Difference[];
  /** What is there and not in the file, and stays because nothing was said of deleting. */
  kept: Difference[];
  /** Names what is there and what would become of it: as long as it is the same, so is what apply does. */
  digest: string;
}

type Item = Record<string, unknown>;
type Place = Record<string, unknown> & { signIn?: object | undefined; look?: object | undefined };

/**
 * What has to become different for the installation to be as the file says. A list that the file
 * does not have is not compared; what is in one and not in the file's goes only with `prune`.
 */
export function planChanges(
  present: Configuration,
  file: Configuration,
  { prune }: { prune: boolean },
): Plan {
  const wanted = withPresentSecrets(present, file);
  const found = [
    ...differencesIn(null, present, wanted),
    ...organizationsOf(present, wanted).flatMap(([slug, before, after]) => [
      ...differenceOf(
        { kind: "organization", organization: slug, name: slug },
        before && { name: before["name"] },
        after && { name: after["name"] },
      ),
      ...(after === null ? [] : settingOf("sign-in-rules", "signIn", slug, before, after)),
      ...(after === null ? [] : settingOf("look", "look", slug, before, after)),
      // Connections stand in an organization's way out by themselves, so it is said that they go.
      ...differencesIn(slug, before ?? {}, after ?? { connections: [] }),
    ]),
  ];
  const goes = ({ after }: Difference) => after === null;
  const differences = inOrderOfKinds(found.filter((one) => prune || !goes(one)));
  const kept = inOrderOfKinds(prune ? [] : found.filter(goes));
  const digest = createHash("sha256")
    .update(JSON.stringify([present, differences]))
    .digest("hex")
    .slice(0, 32);
  return { differences, kept, digest };
}

/** By whose they are, the installation's first; then by kind. Within one they are in order already. */
const inOrderOfKinds = (differences: Difference[]): Difference[] =>
  KINDS.flatMap((kind) => differences.filter((one) => one.kind === kind));

type Named = Pick<Difference, "kind" | "organization" | "name">;

const differenceOf = (named: Named, before: object | null, after: object | null): Difference[] =>
  isDeepStrictEqual(before, after) ? [] : [{ ...named, before, after }];

function organizationsOf(
  present: Configuration,
  wanted: Configuration,
): [slug: string, before: Place | null, after: Place | null][] {
  if (wanted.organizations === undefined) return [];
  const [old, now] = [present.organizations ?? [], wanted.organizations];
  const slugs = [...new Set([...old, ...now].map(({ slug }) => slug))].sort();
  return slugs.map((slug) => [
    slug,
    old.find((one) => one.slug === slug) ?? null,
    now.find((one) => one.slug === slug) ?? null,
  ]);
}

/** An organization that is new has the settings of every new one until its own are written. */
function settingOf(
  kind: "sign-in-rules" | "look",
  key: "signIn" | "look",
  slug: string,
  before: Place | null,
  after: Place,
): Difference[] {
  const setting = (place: Place | null) => place?.[key] ?? null;
  if (setting(after) === null) return [];
  const named = { kind, organization: slug, name: slug };
  return differenceOf(named, setting(before), setting(after));
}

function differencesIn(organization: string | null, present: Place, wanted: Place): Difference[] {
  return NAMED_LISTS.flatMap(({ list, kind, nameOf }) => {
    if (wanted[list] === undefined) return [];
    const [old = [], now = []] = [present, wanted].map((place) => (place[list] ?? []) as Item[]);
    const names = [...new Set([...old, ...now].map(nameOf))].sort();
    return names.flatMap((name) => {
      const find = (items: Item[]) => items.find((item) => nameOf(item) === name) ?? null;
      return differenceOf({ kind, organization, name }, find(old), find(now));
    });
  });
}

/** A secret is said of what is new; of what is there, nobody can tell which it is. */
function withPresentSecrets(present: Configuration, wanted: Configuration): Configuration {
  const { clients, organizations } = wanted;
  return {
    ...wanted,
    ...(clients && { clients: keepSecrets(present.clients, clients, ({ id }) => id) }),
    ...(organizations && {
      organizations: organizations.map(({ connections, ...organization }) => {
        const known = present.organizations?.find(({ slug }) => slug === organization.slug);
        const kept =
          connections && keepSecrets(known?.connections, connections, ({ slug }) => slug);
        return { ...organization, ...(kept && { connections: kept }) };
      }),
    }),
  };
}

function keepSecrets<T extends { secret?: { fromEnvironment: string } | undefined }>(
  present: readonly T[] = [],
  wanted: readonly T[],
  nameOf: (one: T) => string,
): T[] {
  return wanted.map((one) => {
    const known = present.find((other) => nameOf(other) === nameOf(one));
    if (known === undefined) return one;
    const { secret: _, ...rest } = one;
    return { ...rest, ...(known.secret && { secret: known.secret }) } as T;
  });
}
