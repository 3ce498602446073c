import "server-only";
import { z } from "zod";
import { endpoint, publicEndpoint } from "@/app/api/endpoint";
import { entityTag, expectedVersion } from "@/app/api/entity-tag";
import { keptReply } from "@/app/api/kept-reply";
import { notFound } from "@/app/api/problems";
import { refusalProblem } from "@/app/api/refusals";
import { accentStyles } from "@/lib/branding/accent-styles";
import { Branding, BrandingChange } from "@/lib/branding/branding.schema";
import { findLogo } from "@/lib/branding/find-look";
import { changeBranding, type ManagedBranding, readBranding } from "@/lib/branding/manage-branding";
import { BRANDING_PERMISSIONS } from "@/lib/branding/permissions";
import { jsonReply, type Reply } from "@/lib/platform/http/reply";
import { accentOf, SCHEMES } from "@/lib/shared/accent";
import type { Caller } from "@/lib/shared/caller";
import { accentOfStyles, logoHref } from "@/lib/shared/look";

const PATH = "/api/v1/organizations/{id}/branding";

const Address = z.string().nullable();
const Tone = z.string().nullable().describe("What is shown of the colour there.");

const Resource = Branding.extend({
  shownName: z.string(),
  shownAccent: z.object({ light: Tone, dark: Tone }),
  logos: z.object({ light: Address, dark: Address }).describe("Set on the page of the look."),
  version: z.int().describe("Also the entity tag: send it back in If-Match."),
});

const Params = z.object({ id: z.string() });

function brandingReply(organizationId: string, branding: ManagedBranding): Reply {
  const { name, accent, own, logos, version } = branding;
  const tones = accent === null ? null : accentOf(accent);
  const both = <T>(of: (scheme: (typeof SCHEMES)[number]) => T) =>
    Object.fromEntries(SCHEMES.map((scheme) => [scheme, of(scheme)]));
  const body = {
    name,
    accent,
    shownName: name ?? own.name,
    shownAccent: both((scheme) => tones?.[scheme].accent ?? null),
    logos: both((scheme) => {
      const digest = logos[scheme];
      return digest === undefined ? null : logoHref(organizationId, digest);
    }),
    version,
  };
  return jsonReply(200, body, entityTag(version));
}

/** Of the caller's own organization alone: any other is as if there were none (ATK-43). */
function requireOwn({ principal }: Caller, id: string): void {
  if (id !== principal.organizationId) throw notFound("organization");
}

const getEndpoint = endpoint({
  method: "GET",
  path: PATH,
  tag: "Organizations",
  summary: "How the caller's organization is shown at sign-in",
  access: BRANDING_PERMISSIONS.manage,
  params: Params,
  responses: { 200: { description: "Name, colour and logos", schema: Resource } },
  run: async ({ caller, params: { id } }) => {
    requireOwn(caller, id);
    return brandingReply(id, await readBranding(caller));
  },
});

const updateEndpoint = endpoint({
  method: "PATCH",
  path: PATH,
  tag: "Organizations",
  summary: "Change name and colour, only at the version in If-Match when there is one",
  access: BRANDING_PERMISSIONS.manage,
  params: Params,
  body: BrandingChange,
  responses: {
    200: { description: "What is shown now", schema: Resource },
    412: { description: "Somebody changed it since" },
  },
  run: async ({ caller, params: { id }, body, header }) => {
    requireOwn(caller, id);
    const result = await changeBranding(caller, body, expectedVersion(header("if-match")));
    if (result.outcome !== "changed") throw refusalProblem("organization", result);
    return brandingReply(id, result.branding);
  },
});

const stylesEndpoint = publicEndpoint({
  method: "GET",
  path: "/api/v1/branding/accents/{name}",
  tag: "Branding",
  summary: "The style sheet of a colour, made of the colour alone",
  params: z.object({ name: z.string() }),
  responses: {
    200: { description: "text/css" },
    304: { description: "The style sheet that If-None-Match names" },
  },
  run: async ({ params: { name }, header }) => {
    const accent = accentOfStyles(name);
    if (accent === null) throw notFound("accent");
    const terms = { type: "text/css; charset=utf-8", name, by: "public" } as const;
    return keptReply(Buffer.from(accentStyles(accent)), terms, header("if-none-match"));
  },
});

const logoEndpoint = publicEndpoint({
  method: "GET",
  path: "/api/v1/branding/logos/{id}/{digest}",
  tag: "Branding",
  summary: "An organization's logo, as everybody sees it who signs in",
  params: z.object({
    id: z.string(),
    digest: z.string().describe("SHA-256 of the logo, in hexadecimal"),
  }),
  responses: {
    200: { description: "image/webp, of at most 480 by 160 pixels" },
    304: { description: "The logo that If-None-Match names" },
  },
  run: async ({ params: { id, digest }, header }) => {
    const logo = await findLogo(id, digest);
    if (logo === null) throw notFound("logo");
    const terms = { type: "image/webp", name: digest, by: "public" } as const;
    return keptReply(logo, terms, header("if-none-match"));
  },
});

export const BRANDING_ENDPOINTS = [getEndpoint, updateEndpoint, stylesEndpoint, logoEndpoint];
