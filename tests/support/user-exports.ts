import type { ImportFormat } from "@/lib/user-imports/user-import.schema";

// Files as other systems export users, with hashes of published vectors: whoever reads them signs in
// with the password beside.

const BCRYPT = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";

const base64 = (hex: string): string => Buffer.from(hex, "hex").toString("base64");

/** RFC 7914 §11. */
const PBKDF2_DIGEST = base64(
  "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d",
);
/** RFC 7914 §12. */
const SCRYPT_DIGEST =
  "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887";

export interface ExportedUser {
  local: string;
  password: string;
}

export interface UserExport {
  format: ImportFormat;
  users: ExportedUser[];
  /** The file, with every address at this domain. */
  text(domain: string): string;
}

const secretOf = (value: string, salt: string) =>
  JSON.stringify({ value, salt, additionalParameters: {} });

/** The realm export of Keycloak 26, cut to what is about users. */
const KEYCLOAK: UserExport = {
  format: "keycloak",
  users: [
    { local: "pbkdf2", password: "Password" },
    { local: "argon2", password: "password" },
  ],
  text: (domain) =>
    JSON.stringify({
      id: "0e1a2c5e-4c0c-4e5d-9f0b-1f1d2b3c4d5e",
      realm: "example",
      enabled: true,
      roles: { realm: [] },
      users: [
        {
          username: "pbkdf2",
          firstName: "Ada",
          lastName: "Lovelace",
          email: `pbkdf2@${domain}`,
          emailVerified: true,
          createdTimestamp: 1_700_000_000_000,
          enabled: true,
          totp: false,
          credentials: [
            {
              id: "c1",
              type: "password",
              userLabel: "My password",
              createdDate: 1_700_000_000_000,
              secretData: secretOf(PBKDF2_DIGEST, base64(Buffer.from("NaCl").toString("hex"))),
              credentialData: JSON.stringify({
                hashIterations: 80_000,
                algorithm: "pbkdf2-sha256",
                additionalParameters: {},
              }),
            },
          ],
          requiredActions: [],
          realmRoles: ["default-roles-example", "offline_access"],
          notBefore: 0,
          groups: [],
        },
        {
          username: "argon2",
          email: `argon2@${domain}`,
          emailVerified: true,
          enabled: true,
          credentials: [
            {
              type: "password",
              secretData: secretOf(
                "CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc=",
                base64(Buffer.from("somesalt").toString("hex")),
              ),
              credentialData: JSON.stringify({
                hashIterations: 2,
                algorithm: "argon2",
                additionalParameters: {
                  hashLength: ["32"],
                  memory: ["65536"],
                  type: ["id"],
                  version: ["1.3"],
                  parallelism: ["1"],
                },
              }),
            },
            { type: "otp", secretData: '{"value":"x"}', credentialData: "{}" },
          ],
        },
        {
          username: "service-account-jobs",
          enabled: true,
          serviceAccountClientId: "jobs",
          credentials: [],
        },
      ],
    }),
};

/** Lines as Auth0's support delivers them with hashes, and as its import takes them. */
const AUTH0: UserExport = {
  format: "auth0",
  users: [
    { local: "bcrypt", password: "U*U" },
    { local: "scrypt", password: "pleaseletmein" },
  ],
  text: (domain) =>
    [
      {
        _id: { $oid: "60425dc43519d90068f82973" },
        email_verified: true,
        email: `bcrypt@${domain}`,
        passwordHash: BCRYPT,
        password_set_date: { $date: "2021-03-05T16:33:56.394Z" },
        tenant: "example",
        connection: "Username-Password-Authentication",
        _tmp_is_unique: true,
      },
      {
        email: `scrypt@${domain}`,
        email_verified: true,
        given_name: "Grace",
        family_name: "Hopper",
        custom_password_hash: {
          algorithm: "scrypt",
          hash: { value: SCRYPT_DIGEST, encoding: "hex" },
          salt: { value: "SodiumChloride", encoding: "utf8" },
          keylen: 64,
          cost: 16_384,
          blockSize: 8,
          parallelization: 1,
        },
      },
    ]
      .map((user) => JSON.stringify(user))
      .join("\n"),
};

const CLERK_COLUMNS =
  "id,first_name,last_name,username,primary_email_address,primary_phone_number,verified_email_addresses,unverified_email_addresses,verified_phone_numbers,unverified_phone_numbers,totp_secret,password_digest,password_hasher";

/** The CSV of Clerk's dashboard. */
const CLERK: UserExport = {
  format: "clerk",
  users: [
    { local: "bcrypt", password: "U*U" },
    { local: "firebase", password: "user1password" },
  ],
  text: (domain) =>
    [
      CLERK_COLUMNS,
      `user_1,Ada,Lovelace,,bcrypt@${domain},,bcrypt@${domain},,,,,${BCRYPT},bcrypt`,
      // Of github.com/firebase/scrypt.
      `user_2,,,,firebase@${domain},,firebase@${domain},,,,,lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==$42xEC+ixf3L2lw==$jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==$Bw==$8$14,scrypt_firebase`,
    ].join("\n"),
};

const CSV: UserExport = {
  format: "csv",
  users: [{ local: "own", password: "U*U" }],
  text: (domain) => `email,name,password_hash\r\nown@${domain},Own,${BCRYPT}\r\n`,
};

export const USER_EXPORTS: UserExport[] = [KEYCLOAK, AUTH0, CLERK, CSV];
