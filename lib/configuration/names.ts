import "server-only";
import type { Condition } from "@/lib/authz/condition.schema";
import type {
  NamedCondition,
  RoleRef,
  TeamRef,
  UserRef,
} from "@/lib/configuration/configuration.schema";

interface Placed {
  id: string;
  name: string;
  /** Null is the whole installation. */
  organizationId: string | null;
}

/** What a file names and nothing is called so, in words for whoever wrote it. */
export class UnknownName extends Error {
  constructor(
    readonly kind: "role" | "team" | "user" | "organization",
    readonly ref: string,
  ) {
    super(`there is no ${kind} ${ref}`);
    this.name = "UnknownName";
  }
}

/**
 * What stands for ids in a file, and back: organizations by their slugs, roles and teams by their names
 * where they can be used, people by their addresses. What has no name that leads back to it keeps its id.
 */
export class Names {
  readonly #organizations = new Map<string, string>();
  #roles: Placed[] = [];
  #teams: Placed[] = [];
  readonly #users = new Map<string, string>();

  addOrganization(slug: string, id: string): void {
    this.#organizations.set(slug, id);
  }

  addRole(role: Placed): void {
    this.#roles.push(role);
  }

  addTeam(team: Placed): void {
    this.#teams.push(team);
  }

  addUser({ id, email }: { id: string; email: string }): void {
    this.#users.set(email, id);
  }

  /** What was there by this id, or by this name, is there no more. */
  forgetRole(id: string): void {
    this.#roles = this.#roles.filter((role) => role.id !== id);
  }

  forgetTeam(name: string, organization: string | null): void {
    const place = organization === null ? null : this.organizationId(organization);
    this.#teams = this.#teams.filter((team) => team.name !== name || team.organizationId !== place);
  }

  organizationId(slug: string): string {
    const id = this.#organizations.get(slug);
    if (id === undefined) throw new UnknownName("organization", slug);
    return id;
  }

  slugOf(organizationId: string): string {
    const found = [...this.#organizations].find(([, id]) => id === organizationId);
    if (found === undefined) throw new Error(`the organization ${organizationId} has no slug`);
    return found[0];
  }

  roleId(ref: RoleRef, place: string | null): string {
    return this.#idOf("role", this.#roles, ref, place);
  }

  teamId(ref: TeamRef, place: string | null): string {
    return this.#idOf("team", this.#teams, ref, place);
  }

  roleRef = (id: string, place: string | null): RoleRef => this.#refOf(this.#roles, id, place);

  teamRef = (id: string, place: string | null): TeamRef => this.#refOf(this.#teams, id, place);

  #userId(ref: UserRef): string {
    if (typeof ref === "object") return ref.id;
    const id = this.#users.get(ref);
    if (id === undefined) throw new UnknownName("user", ref);
    return id;
  }

  #userRef(id: string): UserRef {
    const found = [...this.#users].find(([, known]) => known === id);
    return found === undefined ? { id } : found[0];
  }

  #find(list: readonly Placed[], name: string, place: string | null): Placed | undefined {
    const named = list.filter((one) => one.name === name);
    return (
      named.find(({ organizationId }) => organizationId === place) ??
      named.find(({ organizationId }) => organizationId === null)
    );
  }

  #idOf(
    kind: "role" | "team",
    list: readonly Placed[],
    ref: RoleRef,
    place: string | null,
  ): string {
    if (typeof ref === "object" && "id" in ref) return ref.id;
    const [name, where] =
      typeof ref === "string" ? [ref, place] : [ref.name, this.organizationId(ref.organization)];
    const found = this.#find(list, name, where);
    if (found !== undefined) return found.id;
    throw new UnknownName(
      kind,
      typeof ref === "string" ? `“${ref}” here` : `“${ref.name}” in ${ref.organization}`,
    );
  }

  #refOf(list: readonly Placed[], id: string, place: string | null): RoleRef {
    const found = list.find((one) => one.id === id);
    if (found === undefined) return { id };
    const { name, organizationId } = found;
    if (this.#find(list, name, place)?.id === id) return name;
    return organizationId === null ? { id } : { organization: this.slugOf(organizationId), name };
  }

  /** A condition of a file as it is stored. Throws {@link UnknownName}. */
  toStored(condition: NamedCondition, place: string | null): Condition {
    switch (condition.kind) {
      case "all":
      case "any":
        return {
          kind: condition.kind,
          conditions: condition.conditions.map((part) => this.toStored(part, place)),
        };
      case "not":
        return { kind: "not", condition: this.toStored(condition.condition, place) };
      case "user":
        return { kind: "user", ids: condition.users.map((ref) => this.#userId(ref)) };
      case "role":
        return { kind: "role", ids: condition.roles.map((ref) => this.roleId(ref, place)) };
      case "team":
        return { kind: "team", ids: condition.teams.map((ref) => this.teamId(ref, place)) };
      default:
        return condition;
    }
  }

  /** A stored condition as a file has it. */
  toNamed(condition: Condition, place: string | null): NamedCondition {
    switch (condition.kind) {
      case "all":
      case "any":
        return {
          kind: condition.kind,
          conditions: condition.conditions.map((part) => this.toNamed(part, place)),
        };
      case "not":
        return { kind: "not", condition: this.toNamed(condition.condition, place) };
      case "user":
        return { kind: "user", users: condition.ids.map((id) => this.#userRef(id)) };
      case "role":
        return { kind: "role", roles: condition.ids.map((id) => this.roleRef(id, place)) };
      case "team":
        return { kind: "team", teams: condition.ids.map((id) => this.teamRef(id, place)) };
      default:
        return condition;
    }
  }
}
