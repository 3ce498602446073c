import { relyingParty, userHandleOf } from "@/lib/credentials/passkey/relying-party";
import { prisma } from "@/lib/platform/db/client";
import { encodeCbor } from "@/tests/support/cbor";
import {
  coseKeyOf,
  newSoftwarePasskey,
  type Site,
  type SoftwarePasskey,
} from "@/tests/support/software-authenticator";

/** The site as an honest browser sees it. */
export function ownSite(): Site {
  const { origin, id: rpId } = relyingParty();
  return { origin, rpId };
}

/** Gives a user a passkey, as its registration leaves it. */
export async function aPasskey(userId: string, name = "Key"): Promise<SoftwarePasskey> {
  const passkey = newSoftwarePasskey(Buffer.from(userHandleOf(userId)).toString("base64url"));
  await prisma().passkeyCredential.create({
    data: {
      userId,
      name,
      credentialId: new Uint8Array(passkey.id),
      publicKey: new Uint8Array(encodeCbor(coseKeyOf(passkey.publicKey))),
    },
  });
  return passkey;
}
