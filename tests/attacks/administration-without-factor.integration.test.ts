import { beforeAll, describe, expect, test } from "vitest";
import { ENDPOINTS } from "@/app/api/table";
import { PERMISSIONS } from "@/app/permissions";
import { authorize } from "@/lib/authz/authorize";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { AAL2, AssuranceInsufficient } from "@/lib/shared/assurance";
import type { Permission } from "@/lib/shared/permission";
import { send } from "@/tests/support/api";
import { aCaller, aSession, callerWith } from "@/tests/support/builders";

// Where administration asks for a second factor, all of it does: every permission over what runs
// the installation, whatever it is called, and every endpoint that one of them guards (F20, ATK-33).

const RUNS_THE_INSTALLATION = [
  "AccessRequest",
  "AccessReview",
  "AuditEvent",
  "Client",
  "Connection",
  "Decision",
  "Domain",
  "DutyConflict",
  "Organization",
  "OutboxMessage",
  "Policy",
  "Role",
  "Setting",
  "SigningKey",
  "Team",
  "Terms",
  "User",
  "WebhookEndpoint",
];
const isAdministrative = ({ resourceType }: Permission) =>
  RUNS_THE_INSTALLATION.includes(resourceType);
const ADMINISTRATIVE = PERMISSIONS.filter(isAdministrative);
const GUARDED = ENDPOINTS.flatMap(({ method, path, access }) =>
  typeof access === "object" && isAdministrative(access) ? [{ method, path }] : [],
);

/** Of one administrator: by a password alone, and with a second factor. */
let plain: string;
let proven: string;

beforeAll(async () => {
  const { principal } = await aCaller({ roles: ["Admin"] });
  await prisma().signInPolicy.create({
    data: { organizationId: principal.organizationId, adminMfaRequired: true },
  });
  plain = await aSession(principal.userId);
  proven = await aSession(principal.userId);
  const { id } = (await callerWith(proven)).principal.session;
  await prisma().session.update({ where: { id }, data: { acr: AAL2 } });
});

describe("the permission", () => {
  test.each(ADMINISTRATIVE)(
    "$key is worth nothing without a second factor (F20, ATK-33)",
    async (permission) => {
      const use = authorize(await callerWith(plain), permission);
      await expect(use).rejects.toThrow(AssuranceInsufficient);
      await authorize(await callerWith(proven), permission);
    },
  );

  test("what runs nothing asks for none", async () => {
    for (const permission of PERMISSIONS.filter((one) => !isAdministrative(one))) {
      const use = authorize(await callerWith(plain), permission);
      await expect(use, permission.key).resolves.toBeUndefined();
    }
  });
});

describe("the endpoint", () => {
  test.each(GUARDED)(
    "$method $path asks an administrator for a second factor (F20, ATK-33)",
    async ({ method, path }) => {
      const target = path.replaceAll(/\{\w+\}/g, newId());
      const body = method === "GET" ? undefined : {};
      const { status, headers } = await send(plain, method, target, body);
      expect(status).toBe(401);
      expect(headers["www-authenticate"]).toMatch(
        new RegExp(`error="insufficient_user_authentication".*acr_values="${AAL2}"`),
      );
      expect((await send(proven, method, target, body)).status).not.toBe(401);
    },
  );
});
