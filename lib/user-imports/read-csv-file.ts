import "server-only";
import { acceptForeignHash } from "@/lib/credentials/password/foreign-hash";
import { readTable } from "@/lib/user-imports/csv-table";
import { badRow, type FileReading, judgeRow, rolesOf } from "@/lib/user-imports/import-row";

const COLUMNS = ["email", "name", "email_verified", "enabled", "roles", "password_hash"] as const;

const TRUTHS: Record<string, boolean> = {
  true: true,
  yes: true,
  "1": true,
  false: false,
  no: false,
  "0": false,
};

/** Our own columns: only `email` has to be there. Names of roles are separated by semicolons. */
export const readCsvFile = (text: string, vouched: boolean): FileReading =>
  readTable(text, { required: ["email"], known: COLUMNS }, (line, cell) => {
    const [verified, enabled] = [cell("email_verified"), cell("enabled")].map((value) =>
      value === "" ? true : TRUTHS[value.toLowerCase()],
    );
    if (verified === undefined || enabled === undefined) {
      return badRow(line, cell("email"), "Say true or false in email_verified and enabled.");
    }
    const hash = cell("password_hash");
    return judgeRow(line, {
      email: cell("email"),
      name: cell("name"),
      emailVerified: vouched || verified,
      enabled,
      roles: cell("roles") === "" ? null : rolesOf(cell("roles")),
      password: hash === "" ? null : acceptForeignHash(hash),
      hasSecondFactor: false,
    });
  });
