import "server-only";

/** Why a rule is there, for people who ask: by which path, or by which policy. */
export type RuleSource =
  | {
      kind: "grant";
      /** The role that was given. */
      roleId: string;
      roleName: string;
      /** The role that names the permission: the same, or one that it inherits. */
      givenRoleId: string;
      givenRoleName: string;
      /** The team that was given the role, where it was not the person. */
      teamId: string | null;
      teamName: string | null;
      /** As ISO 8601; null for a grant without an end. */
      expiresAt: string | null;
    }
  | { kind: "policy"; id: string; name: string; number: number };

/** What a grant or a policy says about one permission. */
export interface Rule {
  effect: "allow" | "deny";
  source: RuleSource;
  /** As stored; null holds always. See condition.schema.ts. */
  condition: unknown;
  /** A deny of these fields hides them and nothing else; empty is the whole permission. */
  fields: string[];
}
