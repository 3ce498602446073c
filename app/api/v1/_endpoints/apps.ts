import "server-only";
import { z } from "zod";
import { endpoint } from "@/app/api/endpoint";
import { PAGE_QUERY, pageOf, pageWithin } from "@/app/api/paging";
import { notFound } from "@/app/api/problems";
import { listOwnApps, revokeOwnApp } from "@/lib/oidc/own-apps";
import { emptyReply, jsonReply } from "@/lib/platform/http/reply";

const Resource = z.object({
  clientId: z.string(),
  name: z.string(),
  firstParty: z.boolean().describe("One of ours: nobody was asked for consent."),
  scopes: z.array(z.string()).describe("All that it may do for the caller."),
  grantedAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable().describe("Null when that is too long ago to be known."),
});

const listAppsEndpoint = endpoint({
  method: "GET",
  path: "/api/v1/apps",
  tag: "Account",
  summary: "The apps that may act for the caller, by name",
  access: "signed-in",
  query: z.strictObject(PAGE_QUERY),
  responses: { 200: { description: "A page of apps", schema: pageOf(Resource) } },
  run: async ({ caller, query }) => {
    const apps = await listOwnApps(caller);
    const { items, nextCursor } = pageWithin(apps, (app) => app.clientId, query);
    return jsonReply(200, {
      items: items.map((app) => ({
        ...app,
        grantedAt: app.grantedAt.toISOString(),
        lastUsedAt: app.lastUsedAt?.toISOString() ?? null,
      })),
      nextCursor,
    });
  },
});

const revokeAppEndpoint = endpoint({
  method: "DELETE",
  path: "/api/v1/apps/{clientId}",
  tag: "Account",
  summary: "Take back all that the caller has granted an app, with every token of it",
  access: "signed-in",
  params: z.object({ clientId: z.string() }),
  responses: { 204: { description: "Its tokens are worth nothing any more" } },
  run: async ({ caller, params: { clientId } }) => {
    const { outcome } = await revokeOwnApp(caller, clientId);
    if (outcome === "not-found") throw notFound("app");
    return emptyReply();
  },
});

export const APP_ENDPOINTS = [listAppsEndpoint, revokeAppEndpoint];
