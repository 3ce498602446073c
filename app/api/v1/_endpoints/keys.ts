import "server-only";
import { z } from "zod";
import { endpoint } from "@/app/api/endpoint";
import { PAGE_QUERY, pageOf, pageWithin } from "@/app/api/paging";
import { ProblemError } from "@/app/api/problems";
import { describeKeys, type SigningKeyDescription } from "@/lib/keys/describe-keys";
import { KEY_PERMISSIONS } from "@/lib/keys/permissions";
import { rotateKeys } from "@/lib/keys/rotate-keys";
import { jsonReply } from "@/lib/platform/http/reply";

const PATH = "/api/v1/keys";

const SigningKey = z.object({
  kid: z.string(),
  alg: z.string(),
  state: z.enum(["next", "current", "previous", "retired"]),
  createdAt: z.iso.datetime(),
  since: z.iso.datetime().describe("When it came into its present state."),
  readyAt: z.iso.datetime().nullable().describe("From when on a waiting key may sign."),
  rotationDueAt: z.iso.datetime().nullable().describe("When another one signs in its place."),
});

const Keys = pageOf(SigningKey).extend({
  encryption: z
    .array(
      z.object({
        name: z.string(),
        state: z.enum(["first", "further", "missing"]),
        values: z.int().describe("How many stored values it has sealed."),
      }),
    )
    .describe("Of DATA_ENCRYPTION_KEYS, by names that say nothing of the keys."),
  secrets: z.array(z.string()).describe("Of AUTH_SECRET, the one that signs first."),
});

const resourceOf = ({
  createdAt,
  since,
  readyAt,
  rotationDueAt,
  ...key
}: SigningKeyDescription): z.infer<typeof SigningKey> => ({
  ...key,
  createdAt: createdAt.toISOString(),
  since: since.toISOString(),
  readyAt: readyAt?.toISOString() ?? null,
  rotationDueAt: rotationDueAt?.toISOString() ?? null,
});

const listKeys = endpoint({
  method: "GET",
  path: PATH,
  tag: "Keys",
  summary:
    "The signing keys, those that sign first, and which keys of the configuration are in use",
  access: KEY_PERMISSIONS.view,
  services: true,
  query: z.strictObject(PAGE_QUERY),
  responses: { 200: { description: "A page of signing keys, and the others", schema: Keys } },
  run: async ({ caller, query }) => {
    const { signing, encryption, secrets } = await describeKeys(caller);
    const { items, nextCursor } = pageWithin(signing, ({ kid }) => kid, query);
    return jsonReply(200, { items: items.map(resourceOf), nextCursor, encryption, secrets });
  },
});

const rotate = endpoint({
  method: "POST",
  path: `${PATH}/rotate`,
  tag: "Keys",
  summary: "Let the waiting signing keys sign; compromised ones are retired at once",
  access: KEY_PERMISSIONS.manage,
  body: z.strictObject({
    compromised: z
      .boolean()
      .default(false)
      .describe("Retires every key, also those that wait: what they signed is worth nothing."),
  }),
  responses: {
    200: {
      description: "The keys that sign now",
      schema: z.object({ kids: z.array(z.string()) }),
    },
    409: { description: "The waiting keys have not been published for an hour" },
  },
  run: async ({ caller, body }) => {
    const result = await rotateKeys(caller, body);
    if (result.outcome === "rotated") return jsonReply(200, { kids: result.kids });
    throw new ProblemError({
      status: 409,
      code: "too_early",
      title: "The waiting keys were published less than an hour ago",
      detail: "Some verifier may not know them yet. Wait, unless the present ones are compromised.",
    });
  },
});

export const KEY_ENDPOINTS = [listKeys, rotate];
