import "server-only";
import { z } from "zod";
import {
  acceptForeignHash,
  bytesOf,
  type ForeignHash,
  foreignScrypt,
} from "@/lib/credentials/password/foreign-hash";
import {
  badRow,
  type FileReading,
  fullName,
  judgeRow,
  type ReadRow,
} from "@/lib/user-imports/import-row";

const Text = z.string().nullish();
const Encoding = z.enum(["base64", "hex", "utf8"]).default("utf8");

const CustomHash = z.object({
  algorithm: z.string(),
  hash: z.object({ value: z.string(), encoding: Encoding }),
  salt: z
    .object({ value: z.string(), encoding: Encoding, position: z.string().optional() })
    .optional(),
  keylen: z.number().optional(),
  cost: z.number().default(16_384),
  blockSize: z.number().default(8),
  parallelization: z.number().default(1),
});

const Auth0User = z.object({
  email: Text,
  email_verified: z.boolean().default(false),
  blocked: z.boolean().default(false),
  name: Text,
  given_name: Text,
  family_name: Text,
  passwordHash: Text,
  custom_password_hash: CustomHash.optional(),
  mfa_factors: z.array(z.unknown()).optional(),
  multifactor: z.array(z.unknown()).optional(),
});

/**
 * A line of JSON for each user, as Auth0 exports users and, on request, their password hashes; or
 * one array of them, as its import takes it.
 */
export function readAuth0File(text: string, vouched: boolean): FileReading {
  if (text.trimStart().startsWith("[")) {
    const users = jsonOf(text);
    if (!Array.isArray(users)) {
      return { outcome: "unreadable", problem: "This is no JSON text. Export the file again." };
    }
    return { outcome: "read", rows: users.map((user, index) => rowOf(index + 1, user, vouched)) };
  }
  const lines = text.split("\n");
  const rows = lines.flatMap((line, index) => {
    if (line.trim() === "") return [];
    const user = jsonOf(line);
    return user === undefined
      ? badRow(index + 1, null, "This line is no JSON object. Export the file again.")
      : rowOf(index + 1, user, vouched);
  });
  return { outcome: "read", rows };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function rowOf(line: number, json: unknown, vouched: boolean): ReadRow {
  const parsed = Auth0User.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.join(".") || "the whole";
    return badRow(line, null, `This is no user of Auth0: ${where} is not as its export has it.`);
  }
  const user = parsed.data;
  const given = fullName(user.given_name, user.family_name);
  // Auth0 takes the address for a name where it has none.
  const name = given === "" && user.name !== user.email ? (user.name ?? "") : given;
  return judgeRow(line, {
    email: user.email ?? undefined,
    name,
    emailVerified: vouched || user.email_verified,
    enabled: !user.blocked,
    roles: null,
    password: passwordOf(user),
    hasSecondFactor: [user.mfa_factors, user.multifactor].some(
      (factors) => (factors?.length ?? 0) > 0,
    ),
  });
}

function passwordOf(user: z.output<typeof Auth0User>): ForeignHash | null {
  const custom = user.custom_password_hash;
  if (custom === undefined) return user.passwordHash ? acceptForeignHash(user.passwordHash) : null;
  const { algorithm, hash, salt } = custom;
  switch (algorithm) {
    case "bcrypt":
    case "argon2":
      return acceptForeignHash(hash.value);
    case "pbkdf2":
      return acceptForeignHash(iterationsOnly(hash.value));
    case "scrypt":
      return foreignScrypt(
        { cost: custom.cost, blockSize: custom.blockSize, lanes: custom.parallelization },
        bytesOf(salt?.value ?? "", salt?.encoding ?? "utf8"),
        bytesOf(hash.value, hash.encoding),
      );
    default:
      return { outcome: "refused", reason: `nothing here verifies “${algorithm.slice(0, 40)}”` };
  }
}

/** Auth0 writes the length of the digest besides, which the digest says itself. */
const iterationsOnly = (phc: string): string =>
  phc.replace(/^(\$[a-z0-9-]+\$i=\d+),l=\d+\$/, "$1$");
