import "server-only";
import { createHash } from "node:crypto";
import { asCaller, recordBy } from "@/lib/authz/authority";
import { authorize } from "@/lib/authz/authorize";
import { inHeldChange } from "@/lib/authz/held-change";
import type { BrandingChange } from "@/lib/branding/branding.schema";
import {
  findBranding,
  findOwnNames,
  type OwnNames,
  type VersionedBranding,
} from "@/lib/branding/branding-store";
import { deleteLogo, findLogoDigests, type LogoDigests, putLogo } from "@/lib/branding/logo-store";
import { BRANDING_PERMISSIONS } from "@/lib/branding/permissions";
import { writeBranding } from "@/lib/branding/write-branding";
import type { Db } from "@/lib/platform/db/client";
import { inTenant } from "@/lib/platform/db/tenant";
import { redrawWithin, type Unfit } from "@/lib/platform/images/redraw-picture";
import { type Limit, spend } from "@/lib/platform/rate-limit/limiter";
import { SCHEMES, type Scheme } from "@/lib/shared/accent";
import type { Caller } from "@/lib/shared/caller";
import { hours } from "@/lib/shared/duration";
import { PICTURE_BYTES_MAX } from "@/lib/shared/picture";

/** Sharp on a screen of two pixels a point, at the size of any place where it is shown. */
const LOGO_BOX = { width: 480, height: 160 } as const;
/** Drawing takes a core for a moment. */
const LOGOS_PER_ORGANIZATION: Limit = { name: "logo", pointsMax: 20, windowSeconds: hours(1) };

const MANAGE = BRANDING_PERMISSIONS.manage;

export interface ManagedBranding extends VersionedBranding {
  /** Its own name, which is shown where no other is, and its short one. */
  own: OwnNames;
  logos: LogoDigests;
}

const read = (organizationId: string, tx?: Db): Promise<ManagedBranding> =>
  inTenant(
    organizationId,
    async (tenant) => ({
      ...(await findBranding(organizationId, tenant)),
      own: await findOwnNames(organizationId, tenant),
      logos: await findLogoDigests(organizationId, tenant),
    }),
    tx,
  );

/** How the caller's organization is shown, for whoever may change it. */
export async function readBranding(caller: Caller): Promise<ManagedBranding> {
  await authorize(caller, MANAGE);
  return read(caller.principal.organizationId);
}

export type BrandingSaving =
  | { outcome: "changed"; branding: ManagedBranding }
  /** Somebody else saved meanwhile. */
  | { outcome: "rejected"; reason: "stale"; version: number };

/** Changes name and colour of the caller's organization, if they are as they were read; null asks for nothing. */
export async function changeBranding(
  caller: Caller,
  change: BrandingChange,
  expectedVersion: number | null,
): Promise<BrandingSaving> {
  await authorize(caller, MANAGE);
  const { organizationId } = caller.principal;
  return inHeldChange(caller, MANAGE, async (tx): Promise<BrandingSaving> => {
    const { own: _own, logos: _logos, ...before } = await read(organizationId, tx);
    const { version, ...present } = before;
    const wanted = { ...present, ...change };
    const expected = expectedVersion ?? version;
    if (!(await writeBranding(asCaller(caller), organizationId, before, wanted, expected, tx))) {
      return { outcome: "rejected", reason: "stale", version };
    }
    return { outcome: "changed", branding: await read(organizationId, tx) };
  });
}

export type LogoChange =
  | { outcome: "changed" }
  | { outcome: "limited"; retryAfterSeconds: number }
  | { outcome: "rejected"; reason: Unfit | "too-large" | "none" };

/**
 * Gives the caller's organization the logo of this file, drawn anew, in place of any other. Larger
 * files than {@link PICTURE_BYTES_MAX} are refused before anything of them is read (ATK-61).
 */
export async function changeLogo(
  caller: Caller,
  scheme: Scheme,
  file: Blob | null,
): Promise<LogoChange> {
  await authorize(caller, MANAGE);
  if (file === null) return { outcome: "rejected", reason: "none" };
  if (file.size > PICTURE_BYTES_MAX) return { outcome: "rejected", reason: "too-large" };
  const { organizationId } = caller.principal;
  const budget = await spend(LOGOS_PER_ORGANIZATION, organizationId);
  if (!budget.allowed) return { outcome: "limited", retryAfterSeconds: budget.retryAfterSeconds };
  const redrawn = await redrawWithin(await file.bytes(), LOGO_BOX);
  if (redrawn.outcome !== "redrawn") return { outcome: "rejected", reason: redrawn.outcome };
  const content = redrawn.webp;
  const digest = new Uint8Array(createHash("sha256").update(content).digest());
  await inHeldChange(caller, MANAGE, async (tx) => {
    const former = await inTenant(
      organizationId,
      (tenant) => putLogo(organizationId, scheme, { content, digest }, tenant),
      tx,
    );
    await recordLogo(caller, scheme, former, Buffer.from(digest).toString("hex"), tx);
  });
  return { outcome: "changed" };
}

/** Takes a logo away; false when there was none. */
export async function removeLogo(caller: Caller, scheme: Scheme): Promise<boolean> {
  await authorize(caller, MANAGE);
  return inHeldChange(caller, MANAGE, (tx) => dropLogo(caller, scheme, tx));
}

/** Takes all of it away, whatever somebody else is saving: the organization is shown as the installation is. */
export async function resetBranding(caller: Caller): Promise<void> {
  await authorize(caller, MANAGE);
  const { organizationId } = caller.principal;
  await inHeldChange(caller, MANAGE, async (tx) => {
    const { name, accent, version } = await read(organizationId, tx);
    if (name !== null || accent !== null) {
      const nothing = { name: null, accent: null };
      const before = { name, accent, version };
      await writeBranding(asCaller(caller), organizationId, before, nothing, version, tx);
    }
    for (const scheme of SCHEMES) await dropLogo(caller, scheme, tx);
  });
}

async function dropLogo(caller: Caller, scheme: Scheme, tx: Db): Promise<boolean> {
  const { organizationId } = caller.principal;
  const former = await inTenant(
    organizationId,
    (tenant) => deleteLogo(organizationId, scheme, tenant),
    tx,
  );
  if (former === null) return false;
  await recordLogo(caller, scheme, former, null, tx);
  return true;
}

const recordLogo = (
  caller: Caller,
  scheme: Scheme,
  former: string | null,
  next: string | null,
  tx: Db,
): Promise<string> =>
  recordBy(
    asCaller(caller),
    {
      action: "organization.logo_changed",
      target: { type: "organization", id: caller.principal.organizationId },
      before: { scheme, logo: former },
      after: { scheme, logo: next },
    },
    tx,
  );
