import "server-only";
import {
  acceptForeignHash,
  bytesOf,
  type ForeignHash,
  foreignFirebase,
  foreignPbkdf2,
  foreignScrypt,
} from "@/lib/credentials/password/foreign-hash";
import { readTable } from "@/lib/user-imports/csv-table";
import { type FileReading, fullName, judgeRow } from "@/lib/user-imports/import-row";

/** Users as Clerk's dashboard exports them, a line each. Other columns of the export say nothing here. */
export const readClerkFile = (text: string, vouched: boolean): FileReading =>
  readTable(
    text,
    { required: ["primary_email_address", "password_digest", "password_hasher"], known: null },
    (line, cell) => {
      const email = cell("primary_email_address");
      const digest = cell("password_digest");
      return judgeRow(line, {
        email,
        name: fullName(cell("first_name"), cell("last_name")),
        emailVerified:
          vouched || addressesIn(cell("verified_email_addresses")).includes(email.toLowerCase()),
        enabled: true,
        roles: null,
        password: digest === "" ? null : foreignHashOf(cell("password_hasher"), digest),
        hasSecondFactor: cell("totp_secret") !== "",
      });
    },
  );

const addressesIn = (cell: string): string[] =>
  cell
    .toLowerCase()
    .split(/[,;|\s]/)
    .filter((address) => address !== "");

/** As Clerk documents each `password_hasher`; the parts of a digest are separated by `$`. */
function foreignHashOf(hasher: string, digest: string): ForeignHash {
  const parts = digest.split("$");
  switch (hasher) {
    case "bcrypt":
    case "argon2i":
    case "argon2id":
      return acceptForeignHash(digest);
    case "pbkdf2_sha256":
      return pbkdf2("sha256", parts, "base64", "base64");
    case "pbkdf2_sha256_django":
      return pbkdf2("sha256", parts, "utf8", "base64");
    case "pbkdf2_sha1":
      return pbkdf2("sha1", parts, "utf8", "hex");
    case "scrypt_firebase": {
      const [hash = "", salt = "", key = "", separator = "", rounds, memory] = parts;
      return foreignFirebase(
        {
          logN: Number(memory),
          rounds: Number(rounds),
          separator: bytesOf(separator, "base64"),
          signerKey: bytesOf(key, "base64"),
        },
        bytesOf(salt, "base64"),
        bytesOf(hash, "base64"),
      );
    }
    case "scrypt_werkzeug": {
      const [method = "", salt = "", hash = ""] = parts;
      const [, cost, blockSize, lanes] = method.split(":").map(Number);
      const parameters = { cost: cost ?? 0, blockSize: blockSize ?? 0, lanes: lanes ?? 0 };
      return foreignScrypt(parameters, bytesOf(salt, "utf8"), bytesOf(hash, "hex"));
    }
    default:
      return { outcome: "refused", reason: `nothing here verifies “${hasher.slice(0, 40)}”` };
  }
}

type Encoding = "base64" | "hex" | "utf8";

function pbkdf2(
  sha: "sha1" | "sha256",
  [, iterations, salt = "", hash = ""]: string[],
  saltEncoding: Encoding,
  hashEncoding: Encoding,
): ForeignHash {
  return foreignPbkdf2(
    sha,
    Number(iterations),
    bytesOf(salt, saltEncoding),
    bytesOf(hash, hashEncoding),
  );
}
