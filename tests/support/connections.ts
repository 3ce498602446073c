import { secretPlaceOf } from "@/lib/federation/connections";
import { prisma } from "@/lib/platform/db/client";
import { seal } from "@/lib/platform/encryption";
import { newId } from "@/lib/platform/id";
import { findPrincipal } from "@/lib/sessions/current-principal";
import { aSession } from "@/tests/support/builders";

type Row = Awaited<ReturnType<ReturnType<typeof prisma>["connection"]["findUniqueOrThrow"]>>;

/** A connection of the default organization, switched on. */
export async function aConnection(
  overrides: Partial<Row> & { secret?: string } = {},
): Promise<Row> {
  const id = newId();
  const instance = await prisma().instance.findUniqueOrThrow({ where: { id: 1 } });
  const { secret = "a-client-secret", ...rest } = overrides;
  return prisma().connection.create({
    data: {
      id,
      organizationId: instance.defaultOrganizationId,
      slug: `idp-${id.slice(-12)}`,
      name: "Corporate",
      preset: "openid",
      issuer: "https://idp.example.com",
      clientId: "gatehouse",
      clientSecret: seal(Buffer.from(secret), secretPlaceOf(id)),
      authMethod: "client_secret_basic",
      scopes: "openid profile email",
      enabled: true,
      ...rest,
    },
  });
}

/** Whose word something is that this connection was asked for. */
export const askedOf = ({ id, slug, issuer }: Pick<Row, "id" | "slug" | "issuer">) => ({
  provider: slug,
  connection: { id, issuer },
});

/** A session's cookie value that came through this connection, as a finished sign-in leaves it. */
export async function aSessionThrough(
  userId: string,
  { id, slug, issuer }: Pick<Row, "id" | "slug" | "issuer">,
): Promise<string> {
  const secret = await aSession(userId);
  const principal = await findPrincipal(secret);
  if (principal === null) throw new Error("the session is not alive");
  const upstream = { id: newId(), sessionId: principal.session.id, subject: userId };
  const voucher = { provider: slug, connectionId: id, issuer };
  await prisma().upstreamSession.create({
    data: { ...upstream, ...voucher, idToken: Buffer.from("sealed") },
  });
  return secret;
}
