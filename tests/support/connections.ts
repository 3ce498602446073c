import { secretPlaceOf } from "@/lib/federation/connections";
import { prisma } from "@/lib/platform/db/client";
import { seal } from "@/lib/platform/encryption";
import { newId } from "@/lib/platform/id";

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
