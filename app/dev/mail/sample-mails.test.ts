import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import * as signInMails from "@/lib/authn/mails";
import * as emailCodeMails from "@/lib/credentials/email-code/mails";
import * as userMails from "@/lib/users/mails";

test("every kind of mail has a sample", () => {
  const source = readFileSync(path.join(import.meta.dirname, "sample-mails.ts"), "utf8");
  const sampled = [...source.matchAll(/\(\) =>\s+(\w+Mail)\(/g)].map(([, name = ""]) => name);
  const makers = [signInMails, emailCodeMails, userMails].flatMap((mails) => Object.keys(mails));
  expect(sampled.sort()).toEqual(makers.sort());
});
