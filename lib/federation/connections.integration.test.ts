import { beforeAll, expect, test } from "vitest";
import { holdProvider } from "@/lib/federation/connections";
import { judgeAddress } from "@/lib/federation/judge-address";
import { attachIdentity } from "@/lib/federation/link-identity";
import { authJsProviders, findProvider, listSignInProviders } from "@/lib/federation/providers";
import { signInWithIdentity, type UpstreamIdentity } from "@/lib/federation/sign-in-with-identity";
import { prisma } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import { outboundFetch } from "@/lib/platform/http/outbound-fetch";
import { newId } from "@/lib/platform/id";
import { anInstance, aRequest, aUser } from "@/tests/support/builders";
import { aConnection, askedOf } from "@/tests/support/connections";
import { aVerifiedDomain } from "@/tests/support/domains";
import { race } from "@/tests/support/race";
import { anOrganization } from "@/tests/support/teams";

beforeAll(async () => {
  await anInstance();
});

const anIdentity = (overrides: Partial<UpstreamIdentity>): UpstreamIdentity => ({
  provider: "none",
  providerAccountId: newId(),
  type: "oidc",
  email: `upstream-${newId()}@example.com`,
  emailVerified: true,
  name: "Grace",
  ...overrides,
});

const switchOff = (id: string) =>
  prisma().connection.update({ where: { id }, data: { enabled: false } });

const FETCH = Symbol("where Auth.js takes another fetch from");

async function providerOf(slug: string) {
  const found = (await authJsProviders(FETCH)).providers.find(
    (provider) => typeof provider !== "function" && provider.id === slug,
  );
  if (found === undefined || typeof found === "function") throw new Error(`${slug} is not offered`);
  return found;
}

test("a connection is offered from the next request on, and not once it is switched off (F7, ATK-16)", async () => {
  const { id, slug } = await aConnection({ name: "Corporate sign-in" });
  expect(await findProvider(slug)).toEqual({
    id: slug,
    name: "Corporate sign-in",
    oidc: { issuer: "https://idp.example.com", clientId: "gatehouse" },
  });
  expect((await listSignInProviders()).map((provider) => provider.id)).toContain(slug);
  await providerOf(slug);
  await switchOff(id);
  expect(await findProvider(slug)).toBeNull();
  expect((await listSignInProviders()).map((provider) => provider.id)).not.toContain(slug);
  await expect(providerOf(slug)).rejects.toThrow("is not offered");
});

test("a connection of another organization is not offered (ATK-43)", async () => {
  const other = await prisma().organization.create({ data: { slug: newId(), name: "Other" } });
  const connection = await aConnection({ organizationId: other.id });
  expect(await findProvider(connection.slug)).toBeNull();
  expect(await inTransaction((tx) => holdProvider(askedOf(connection), tx))).toBe(false);
});

test("a connection asks with PKCE, state and nonce, and through the guard (ATK-11, ATK-62)", async () => {
  const { slug } = await aConnection({ secret: "s3cret", authMethod: "client_secret_post" });
  const provider = await providerOf(slug);
  expect(provider).toMatchObject({
    type: "oidc",
    issuer: "https://idp.example.com",
    clientSecret: "s3cret",
    client: { token_endpoint_auth_method: "client_secret_post" },
    checks: ["pkce", "state", "nonce"],
    authorization: { params: { scope: "openid profile email" } },
  });
  expect((provider.options as Record<symbol, unknown>)[FETCH]).toBe(outboundFetch);
});

test("a connection whose secret cannot be read is down, and no other with it", async () => {
  const broken = await aConnection();
  const fine = await aConnection();
  const { clientSecret } = await prisma().connection.findUniqueOrThrow({ where: { id: fine.id } });
  // Sealed to another row: what is copied does not open.
  await prisma().connection.update({ where: { id: broken.id }, data: { clientSecret } });
  await expect(providerOf(broken.slug)).rejects.toThrow("is not offered");
  await providerOf(fine.slug);
});

test.each(["google", "github", "credentials", "Upper", "a", "with space", "-x"])(
  "the database takes no connection with the id %j",
  async (slug) => {
    await expect(aConnection({ slug })).rejects.toThrow("connections_slug_check");
  },
);

test("whoever comes back through a connection that is off by then stays out, known or new (ATK-16)", async () => {
  const connection = await aConnection();
  const { id, slug } = connection;
  const known = anIdentity(askedOf(connection));
  expect((await signInWithIdentity(known, aRequest())).outcome).toBe("accepted");
  await switchOff(id);
  for (const identity of [known, anIdentity(askedOf(connection))]) {
    const request = aRequest();
    expect(await signInWithIdentity(identity, request)).toEqual({
      outcome: "rejected",
      reason: "provider-off",
    });
    const { requestId } = request;
    const event = await prisma().auditEvent.findFirstOrThrow({ where: { requestId } });
    expect(event.reason).toBe(`${slug}: provider-off`);
  }
  const user = await aUser();
  const late = anIdentity(askedOf(connection));
  expect(await inTransaction((tx) => attachIdentity(user.id, late, tx))).toBe("off");
});

test("while a connection is switched off nobody new comes in by it, however close (ATK-16)", async () => {
  const connection = await aConnection();
  const { id, slug } = connection;
  let off: Date | undefined;
  const results = await race(20, async (index) => {
    if (index === 10) {
      await switchOff(id);
      off = new Date();
      return null;
    }
    return signInWithIdentity(anIdentity(askedOf(connection)), aRequest());
  });
  expect(off).toBeDefined();
  const accepted = results.filter((result) => result?.outcome === "accepted").length;
  expect(await prisma().account.count({ where: { provider: slug } })).toBe(accepted);
  expect((await signInWithIdentity(anIdentity(askedOf(connection)), aRequest())).outcome).toBe(
    "rejected",
  );
});

test.each([
  // Whose address, what the provider says of it, and what comes of that.
  ["corp.example", true, "accepted"],
  ["corp.example", null, "accepted"],
  ["corp.example", false, "email-unverified"],
  ["elsewhere.example", true, "domain-not-allowed"],
  ["elsewhere.example", null, "email-unverified"],
  ["sub.corp.example", true, "domain-not-allowed"],
] as const)(
  "a connection for corp.example, an address at %s, verified %s: %s",
  async (domain, emailVerified, expected) => {
    const connection = await aConnection({ domains: ["corp.example"] });
    const asked = askedOf(connection);
    await aVerifiedDomain("corp.example", connection.organizationId);
    const email = `somebody-${newId()}@${domain}`;
    const result = await signInWithIdentity(
      anIdentity({ ...asked, email, emailVerified }),
      aRequest(),
    );
    expect(result.outcome === "accepted" ? "accepted" : result.reason).toBe(expected);
  },
);

test.each([
  // What is known of the domain, what the provider says of an address there, and what comes of that.
  ["unverified", true, "accepted"],
  ["unverified", null, "email-unverified"],
  ["elsewhere", true, "domain-not-allowed"],
  ["elsewhere", null, "email-unverified"],
] as const)(
  "a connection for a domain that is %s, an address verified %s: %s (F83)",
  async (standing, emailVerified, expected) => {
    const domain = `${newId()}.example`;
    const asked = askedOf(await aConnection({ domains: [domain] }));
    if (standing === "elsewhere") await aVerifiedDomain(domain, await anOrganization());
    const identity = anIdentity({ ...asked, email: `somebody@${domain}`, emailVerified });
    const result = await signInWithIdentity(identity, aRequest());
    expect(result.outcome === "accepted" ? "accepted" : result.reason).toBe(expected);
  },
);

test("without domains an address counts only when the provider has verified it", async () => {
  const silent = anIdentity({ ...askedOf(await aConnection()), emailVerified: null });
  expect(await signInWithIdentity(silent, aRequest())).toEqual({
    outcome: "rejected",
    reason: "email-unverified",
  });
});

test("no connection names an address of a domain that another organization has proven (ATK-15)", async () => {
  const domain = `${newId()}.example`;
  await aVerifiedDomain(domain, await anOrganization());
  const email = `ada@${domain}`;
  for (const domains of [[], [domain]]) {
    const identity = anIdentity({ ...askedOf(await aConnection({ domains })), email });
    expect(await signInWithIdentity(identity, aRequest())).toEqual({
      outcome: "rejected",
      reason: "domain-not-allowed",
    });
  }
  expect(await prisma().user.count({ where: { email } })).toBe(0);
});

test("a connection of an organization that is not the default one names its own domains alone", async () => {
  const organizationId = await anOrganization();
  const own = `${newId()}.example`;
  await aVerifiedDomain(own, organizationId);
  const judge = (domain: string, domains: string[]) =>
    judgeAddress(`ada@${domain}`, true, { domains, organizationId });
  for (const domains of [[], [own, "somebody.example"]]) {
    expect(await judge(own, domains)).toBe("counts");
    expect(await judge("somebody.example", domains)).toBe("domain-not-allowed");
  }
});

test("a Google account of somebody's own is no account of the Workspace, whatever its address", async () => {
  const workspace = { preset: "google-workspace", domains: ["corp.example"] };
  const connection = await aConnection(workspace);
  const asked = askedOf(connection);
  const email = `somebody-${newId()}@corp.example`;
  for (const hostedDomain of [null, "elsewhere.example"]) {
    const identity = anIdentity({ ...asked, email, hostedDomain });
    expect(await signInWithIdentity(identity, aRequest())).toEqual({
      outcome: "rejected",
      reason: "domain-not-allowed",
    });
  }
  const colleague = anIdentity({ ...asked, email, hostedDomain: "corp.example" });
  expect((await signInWithIdentity(colleague, aRequest())).outcome).toBe("accepted");
  expect(await providerOf(connection.slug)).toMatchObject({
    authorization: { params: { hd: "corp.example" } },
  });
});
