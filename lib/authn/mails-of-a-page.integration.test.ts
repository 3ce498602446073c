import { beforeAll, expect, test } from "vitest";
import { requestPasswordReset } from "@/lib/authn/reset-password";
import { prisma } from "@/lib/platform/db/client";
import { anInstance, aRequest, aUser } from "@/tests/support/builders";
import { anOrganization } from "@/tests/support/organizations";

let organization: string;
beforeAll(async () => {
  await anInstance();
  const { id, slug } = await anOrganization();
  await prisma().organizationBranding.create({ data: { organizationId: id, name: "Northwind" } });
  organization = slug;
});

const newest = (recipient: string) =>
  prisma().outboxMessage.findFirstOrThrow({
    where: { recipient },
    orderBy: { createdAt: "desc" },
  });

test("a forgotten password is answered in the look of its page, whoever has the address (ATK-38)", async () => {
  const { email } = await aUser();
  for (const address of [email, "nobody-at-all@example.com"]) {
    await requestPasswordReset(address, { ...aRequest(), organization }, undefined);
    expect((await newest(address)).text).toContain("-- \nNorthwind\n");
  }
});
