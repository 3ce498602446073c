import "server-only";
import { z } from "zod";
import type { ForeignHash } from "@/lib/credentials/password/foreign-hash";
import { Email, PersonName } from "@/lib/shared/email.schema";

/** What a row of a file says of one user, in whatever format. */
export interface GivenUser {
  email: string | undefined;
  name: string;
  emailVerified: boolean;
  enabled: boolean;
  /** Names; null where the file says nothing of roles. */
  roles: string[] | null;
  password: ForeignHash | null;
  /** Whether the other system asks for more than the password. */
  hasSecondFactor: boolean;
}

/** A user as they will be created. */
export const ImportedUser = z.object({
  email: Email,
  name: PersonName.nullable(),
  status: z.enum(["active", "pending", "disabled"]),
  emailVerified: z.boolean(),
  roles: z.array(z.string()).nullable(),
  passwordHash: z.string().nullable(),
});
export type ImportedUser = z.infer<typeof ImportedUser>;

export interface ReadRow {
  /** Of the file, or the position among its users where it is one JSON text. */
  line: number;
  /** As the file has it, so that the row is found again. */
  email: string | null;
  user: ImportedUser | null;
  /** Why it cannot be imported and what to do; null for a good one. */
  problem: string | null;
  /** What is not taken over, though the user is. */
  note: string | null;
}

export type FileReading =
  | { outcome: "read"; rows: ReadRow[] }
  /** Nothing of the file can be read; in words, with what to do. */
  | { outcome: "unreadable"; problem: string };

/** Text of a file as PostgreSQL keeps it: it takes no NUL, and a lone surrogate is no text. */
export const storable = (text: string): string => text.toWellFormed().replaceAll("\0", "\uFFFD");

/** As much of an address as is kept of a row that cannot be imported. */
const SHOWN_LENGTH_MAX = 320;

export const badRow = (line: number, email: unknown, problem: string): ReadRow => ({
  line,
  email:
    typeof email === "string" && email !== "" ? storable(email.slice(0, SHOWN_LENGTH_MAX)) : null,
  user: null,
  problem,
  note: null,
});

const UNVERIFIED =
  "The address was never verified, so that the password may be somebody else’s: it is left out. The owner of the address chooses one by “Forgot your password?”.";
const SECOND_FACTOR =
  "The second factor is not taken over: the user sets one up again, and signs in with the password alone until then.";

/**
 * Judges what a row says by itself. A password that came with an address nobody verified is left
 * out: whoever signed up elsewhere with another's address would have their account here (ATK-15).
 */
export function judgeRow(line: number, given: GivenUser): ReadRow {
  const email = Email.safeParse(given.email);
  if (!email.success) {
    return badRow(line, given.email, "There is no usable email address. Give one in ASCII.");
  }
  const trimmed = given.name.trim();
  const name = trimmed === "" ? null : PersonName.safeParse(trimmed);
  if (name?.success === false) {
    return badRow(line, given.email, "The name has more than 100 characters or several lines.");
  }
  if (given.password?.outcome === "refused") {
    const problem = `The password hash cannot be used: ${given.password.reason}. Leave it out, and the user chooses a password by “Forgot your password?”.`;
    return badRow(line, given.email, problem);
  }
  const passwordHash = given.emailVerified ? (given.password?.stored ?? null) : null;
  const notes = [
    ...(given.password !== null && passwordHash === null ? [UNVERIFIED] : []),
    ...(given.hasSecondFactor ? [SECOND_FACTOR] : []),
  ];
  return {
    line,
    email: email.data,
    user: {
      email: email.data,
      name: name?.data ?? null,
      // Who has no way to sign in yet is as one who was invited.
      status: given.enabled ? (passwordHash === null ? "pending" : "active") : "disabled",
      emailVerified: given.emailVerified,
      roles: given.roles === null ? null : [...new Set(given.roles)],
      passwordHash,
    },
    problem: null,
    note: notes.length === 0 ? null : notes.join(" "),
  };
}

/** Names of roles in one cell. */
export const rolesOf = (cell: string): string[] =>
  cell
    .split(";")
    .map((name) => name.trim())
    .filter((name) => name !== "");

export const fullName = (...parts: (string | null | undefined)[]): string =>
  parts.flatMap((part) => part?.trim() || []).join(" ");

export const domainOf = (email: string): string => email.slice(email.lastIndexOf("@") + 1);
