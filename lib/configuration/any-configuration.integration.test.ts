import fc from "fast-check";
import { beforeAll, expect, test, vi } from "vitest";
import {
  applyConfiguration,
  compareConfiguration,
  exportConfiguration,
} from "@/lib/configuration/apply-configuration";
import { printConfiguration } from "@/lib/configuration/canonical";
import type { Configuration } from "@/lib/configuration/configuration.schema";
import { parseConfiguration } from "@/lib/configuration/parse-configuration";
import { anInstance, aRequest } from "@/tests/support/builders";
import {
  arbitraryConfiguration,
  connectionSlugOf,
  SECRET_VARIABLE,
  SLUGS,
} from "@/tests/support/configurations";

const SECRET = "a-secret-of-an-app-that-only-tests-use";
const PRUNING = { prune: true, expected: null };

const parsed = (text: string): Configuration => {
  const result = parseConfiguration(text);
  if (result.outcome === "rejected") throw new Error(JSON.stringify(result.problems));
  return result.configuration;
};

const fileOf = (value: object): Configuration => parsed(JSON.stringify({ version: 1, ...value }));

const apply = (value: Configuration) => applyConfiguration(aRequest(), value, PRUNING);

/** Says why not, where it was not. */
const outcomeOf = (result: Awaited<ReturnType<typeof apply>>) =>
  result.outcome === "applied" ? "applied" : result;

let first: string;

beforeAll(async () => {
  vi.stubEnv(SECRET_VARIABLE, SECRET);
  for (const name of ["01900000-0000-7000-8000-000000000000", ...SLUGS.map(connectionSlugOf)]) {
    vi.stubEnv(`CONFIG_SECRET_${name.replaceAll("-", "_").toUpperCase()}`, SECRET);
  }
  await anInstance();
  first = await exportConfiguration();
});

test("the bytes of any configuration come out of whatever was there before (F132)", {
  timeout: 240_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryConfiguration, async (value) => {
      const wanted = fileOf(value);
      // An app stays where it acts, and a connection at its issuer: the next ones begin anew.
      const emptied = [{ slug: "default", name: "Default", connections: [] }];
      await apply(fileOf({ clients: [], organizations: emptied }));
      expect(outcomeOf(await apply(wanted))).toBe("applied");
      const exported = await exportConfiguration();
      const again = parsed(exported);
      // What a file leaves out of an organization is as it was; all else is the file's.
      expect((await compareConfiguration(wanted, PRUNING)).differences).toEqual([]);
      expect(printConfiguration(again)).toBe(exported);
      // The installation is emptied, and the same bytes are made from nothing.
      expect(outcomeOf(await apply(parsed(first)))).toBe("applied");
      expect(await exportConfiguration()).toBe(first);
      expect(outcomeOf(await apply(again))).toBe("applied");
      expect(await exportConfiguration()).toBe(exported);
    }),
    { numRuns: 5 },
  );
});
