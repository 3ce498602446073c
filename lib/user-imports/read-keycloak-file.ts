import "server-only";
import { z } from "zod";
import {
  acceptForeignHash,
  bytesOf,
  type ForeignHash,
  foreignArgon2,
  foreignPbkdf2,
} from "@/lib/credentials/password/foreign-hash";
import {
  badRow,
  type FileReading,
  fullName,
  judgeRow,
  type ReadRow,
} from "@/lib/user-imports/import-row";

const Text = z.string().nullish();

const Credential = z.object({ type: Text, secretData: Text, credentialData: Text });

const KeycloakUser = z.object({
  username: Text,
  email: Text,
  emailVerified: z.boolean().default(false),
  enabled: z.boolean().default(true),
  firstName: Text,
  lastName: Text,
  credentials: z.array(Credential).default([]),
  realmRoles: z.array(z.string()).nullish(),
  serviceAccountClientId: Text,
});

const Realm = z.object({ users: z.array(z.unknown()) });

/**
 * The export of a realm with its users and their credentials (`kc.sh export`), or one of the files of
 * users beside it. Users of service accounts are left out: they are no people.
 */
export function readKeycloakFile(text: string, vouched: boolean): FileReading {
  const realm = Realm.safeParse(jsonOf(text));
  if (!realm.success) {
    const problem =
      "This is no export of a Keycloak realm with users. Export it by “kc.sh export --users same_file”.";
    return { outcome: "unreadable", problem };
  }
  return {
    outcome: "read",
    rows: realm.data.users.flatMap((user, index) => rowOf(index + 1, user, vouched) ?? []),
  };
}

function jsonOf(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}

function rowOf(line: number, json: unknown, vouched: boolean): ReadRow | null {
  const parsed = KeycloakUser.safeParse(json);
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join(".") || "the whole";
    return badRow(line, null, `This is no user of Keycloak: ${where} is not as its export has it.`);
  }
  const user = parsed.data;
  if (user.serviceAccountClientId) return null;
  const password = user.credentials.find(({ type }) => type === "password");
  return judgeRow(line, {
    email: user.email || user.username || undefined,
    name: fullName(user.firstName, user.lastName),
    emailVerified: vouched || user.emailVerified,
    enabled: user.enabled,
    roles: rolesOf(user.realmRoles ?? []),
    password: password === undefined ? null : passwordOf(password),
    hasSecondFactor: user.credentials.some(({ type }) => type === "otp" || type === "webauthn"),
  });
}

/** Roles of every realm, which say nothing of what somebody may do. */
const BUILT_IN = /^(?:default-roles-.*|offline_access|uma_authorization)$/;

function rolesOf(names: string[]): string[] | null {
  const own = names.filter((name) => !BUILT_IN.test(name));
  return own.length === 0 ? null : own;
}

const Secret = z.object({ value: z.string(), salt: z.string() });
const Parameters = z.object({
  hashIterations: z.number(),
  algorithm: z.string(),
  additionalParameters: z.record(z.string(), z.array(z.string())).default({}),
});

const PBKDF2 = { "pbkdf2-sha512": "sha512", "pbkdf2-sha256": "sha256", pbkdf2: "sha1" } as const;
const ARGON2_VERSIONS: Record<string, number> = { "1.0": 16, "1.3": 19 };

/** Keycloak keeps a hash as two JSON texts: what is secret of it, and how it was made. */
function passwordOf({ secretData, credentialData }: z.output<typeof Credential>): ForeignHash {
  const secret = Secret.safeParse(jsonOf(secretData));
  const made = Parameters.safeParse(jsonOf(credentialData));
  if (!secret.success || !made.success) {
    return { outcome: "refused", reason: "its secretData or credentialData is not Keycloak’s" };
  }
  const { algorithm, hashIterations, additionalParameters } = made.data;
  const [salt, digest] = [
    bytesOf(secret.data.salt, "base64"),
    bytesOf(secret.data.value, "base64"),
  ];
  if (algorithm in PBKDF2) {
    const sha = PBKDF2[algorithm as keyof typeof PBKDF2];
    return foreignPbkdf2(sha, hashIterations, salt, digest);
  }
  if (algorithm === "argon2") {
    const parameter = (name: string) => additionalParameters[name]?.[0] ?? "";
    return foreignArgon2(
      {
        type: parameter("type"),
        version: ARGON2_VERSIONS[parameter("version")] ?? 0,
        memoryKib: Number(parameter("memory")),
        passes: hashIterations,
        lanes: Number(parameter("parallelism")),
      },
      salt,
      digest,
    );
  }
  return algorithm === "bcrypt"
    ? acceptForeignHash(secret.data.value)
    : { outcome: "refused", reason: `nothing here verifies “${algorithm.slice(0, 40)}”` };
}
