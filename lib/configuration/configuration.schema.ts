import { z } from "zod";
import { bounded, joined, PLAIN_LEAVES } from "@/lib/authz/condition.schema";
import { PermissionKey, RoleDescription, RoleName } from "@/lib/authz/role.schema";
import { Branding } from "@/lib/branding/branding.schema";
import { DomainName } from "@/lib/domains/domain.schema";
import { DescribedConnection } from "@/lib/federation/connection.schema";
import { NewClaim } from "@/lib/oidc/claim-template.schema";
import { isSecretKey, NewClient, SECRET_KEY_GIVEN } from "@/lib/oidc/client.schema";
import { OrganizationName, OrganizationSlug } from "@/lib/organizations/organization.schema";
import { SignInRules } from "@/lib/organizations/sign-in-rules.schema";
import { Email } from "@/lib/shared/email.schema";
import { TeamDescription, TeamName } from "@/lib/teams/team.schema";

/** Raised when a file of before could not be read as it was meant any more. */
export const CONFIGURATION_VERSION = 1;

/** As many of a kind in one place as a file may have. */
const ITEMS_MAX = 2_000;

const ById = z
  .strictObject({ id: z.string().min(1).max(200) })
  .describe("What has no name here: a service account's client, or what is gone.");

/** A role or a team, by its name where it is used; of another organization, with its slug. */
const refTo = (name: z.ZodType<string>) =>
  z.union([name, z.strictObject({ organization: OrganizationSlug, name }), ById]);

const RoleRef = refTo(RoleName);
const TeamRef = refTo(TeamName);
const UserRef = z.union([Email, ById]);

const Leaf = z.discriminatedUnion("kind", [
  ...PLAIN_LEAVES,
  z.strictObject({ kind: z.literal("user"), users: z.array(UserRef).min(1).max(50) }),
  z.strictObject({ kind: z.literal("role"), roles: z.array(RoleRef).min(1).max(50) }),
  z.strictObject({ kind: z.literal("team"), teams: z.array(TeamRef).min(1).max(50) }),
]);

/** A condition as it is stored, but with names in the place of ids. */
export const NamedCondition = joined(Leaf);
export type NamedCondition = z.output<typeof NamedCondition>;
const Bounded = bounded(NamedCondition);

const Role = z.strictObject({
  name: RoleName,
  description: RoleDescription.default(""),
  requiresSecondFactor: z
    .boolean()
    .default(false)
    .describe("Whoever has the role is asked for a second factor."),
  emergency: z
    .boolean()
    .default(false)
    .describe("Whoever may break the glass may give it to themselves for a short time."),
  permissions: z
    .record(PermissionKey, z.union([z.enum(["all", "own"]), Bounded]))
    .default({})
    .describe("What the role gives by itself: for every record, for own ones, or on a condition."),
  inherits: z.array(RoleRef).max(200).default([]),
});

const Rule = z.strictObject({
  effect: z.enum(["allow", "deny"]),
  permissions: z.array(PermissionKey).min(1).max(200),
  fields: z
    .array(z.string().max(60))
    .max(50)
    .default([])
    .describe("A deny hides these fields only; empty is the whole permission."),
  condition: Bounded.nullable().default(null),
});

const Policy = z
  .strictObject({
    name: RoleName,
    description: RoleDescription.default(""),
    stage: z
      .enum(["active", "shadow", "draft"])
      .describe("Whether the rule is in force, counted only, or neither."),
    rule: Rule,
    candidate: Rule.nullable()
      .default(null)
      .describe("What is in shadow beside a rule that is in force."),
  })
  .refine(({ stage, candidate }) => candidate === null || stage === "active", {
    path: ["candidate"],
    message: "There is a candidate beside an active rule only.",
  });

const Side = z.array(PermissionKey).min(1).max(50);
const Duty = z
  .strictObject({
    name: RoleName,
    description: RoleDescription.default(""),
    left: Side,
    right: Side,
  })
  .refine(({ left, right }) => !left.some((key) => right.includes(key)), {
    path: ["right"],
    message: "A permission is on one side only.",
  });

const Team = z.strictObject({
  name: TeamName,
  description: TeamDescription.default(""),
  parent: TeamName.nullable().default(null),
  roles: z.array(RoleRef).max(200).default([]).describe("Those that it has itself and for good."),
});

const Domain = z.strictObject({
  domain: DomainName,
  autoJoin: z
    .boolean()
    .default(false)
    .describe("Whoever confirms an address of it becomes a member. Only once it is verified."),
});

/** Where the secret of what is new is found: never in the file, and of no other use here. */
const SecretReference = z.strictObject({
  fromEnvironment: z
    .string()
    .max(100)
    .regex(/^CONFIG_SECRET_[A-Z0-9_]+$/, "Name a variable that begins with CONFIG_SECRET_."),
});

/** Refused here, before a plan would print it. */
const PublicKey = z
  .record(z.string(), z.unknown())
  .refine((jwk) => !isSecretKey(jwk), SECRET_KEY_GIVEN);

const PublicKeys = z.union([
  z.strictObject({ jwks: z.strictObject({ keys: z.array(PublicKey).min(1).max(10) }) }),
  z.strictObject({ jwksUri: z.string().max(500) }),
]);

const Client = NewClient.extend({
  id: z.uuid().toLowerCase(),
  enabled: z.boolean().default(true),
  publicKeys: PublicKeys.nullable()
    .default(null)
    .describe("By which it signs instead of sending a secret."),
  service: z
    .strictObject({ organization: OrganizationSlug, roles: z.array(RoleRef).max(200).default([]) })
    .nullable()
    .default(null)
    .describe("Where a service account acts, and by which roles."),
  secret: SecretReference.optional().describe("Asked for when the client is new, and not after."),
}).refine(({ kind, service }) => service === null || kind === "service", {
  path: ["service"],
  message: "Only a client of the kind service acts for itself.",
});

const listOf = <T extends z.ZodType>(item: T) => z.array(item).max(ITEMS_MAX).optional();

const RULES = {
  roles: listOf(Role),
  policies: listOf(Policy),
  duties: listOf(Duty),
};

const Connection = DescribedConnection.extend({
  secret: SecretReference.optional().describe(
    "Asked for when the connection is new, and not after.",
  ),
}).refine(({ preset, domains }) => preset !== "google-workspace" || domains.length > 0, {
  path: ["domains"],
  message: "Enter the domain of your Workspace: else every Google account gets in.",
});

/** Logos are files, and no part of it. */
const Look = z.strictObject({
  name: Branding.shape.name.default(null),
  accent: Branding.shape.accent.default(null),
});

const Organization = z.strictObject({
  slug: OrganizationSlug,
  name: OrganizationName,
  signIn: z.strictObject(SignInRules.shape).optional(),
  look: Look.optional(),
  domains: listOf(Domain),
  ...RULES,
  teams: listOf(Team),
  connections: listOf(Connection),
});

/**
 * The configuration of an installation. What a place leaves out altogether is not looked at; a list
 * that is there, though empty, is all there should be.
 */
export const Configuration = z.strictObject({
  $schema: z.string().max(500).optional(),
  version: z.literal(CONFIGURATION_VERSION),
  ...RULES,
  clients: listOf(Client),
  claims: listOf(NewClaim),
  organizations: listOf(Organization),
});

export type Configuration = z.output<typeof Configuration>;
export type OrganizationEntry = z.output<typeof Organization>;
export type RoleEntry = z.output<typeof Role>;
export type PolicyEntry = z.output<typeof Policy>;
export type RuleEntry = z.output<typeof Rule>;
export type DutyEntry = z.output<typeof Duty>;
export type TeamEntry = z.output<typeof Team>;
export type DomainEntry = z.output<typeof Domain>;
export type ConnectionEntry = z.output<typeof Connection>;
export type ClientEntry = z.output<typeof Client>;
export type ClaimEntry = z.output<typeof NewClaim>;
export type RoleRef = z.output<typeof RoleRef>;
export type TeamRef = z.output<typeof TeamRef>;
export type UserRef = z.output<typeof UserRef>;
