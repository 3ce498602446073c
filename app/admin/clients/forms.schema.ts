import { z } from "zod";
import {
  ADDRESSES_LENGTH_MAX,
  Addresses,
  ClientKind,
  ClientName,
  Scopes,
  SIGNING_ALGORITHMS,
} from "@/lib/oidc/client.schema";
import { Id } from "@/lib/shared/id.schema";

/** Not always an id of ours: an app that registered itself may have another. */
const ClientId = z.string().regex(/^[\x21-\x7e]{1,255}$/);

const ticked = z
  .literal("on")
  .optional()
  .transform((value) => value === "on");

const Lines = z
  .string()
  .max(ADDRESSES_LENGTH_MAX, "Use at most 2000 characters in all.")
  .default("")
  .transform((text) => text.split(/\s+/).filter(Boolean))
  .pipe(Addresses);

/** Keys as text, or where they are; what they are is read when they are used. */
const Keys = z.string().trim().max(10_000, "Use at most 10000 characters.");

const SCOPE_FIELD = /^scope\.\d{1,2}$/;

/** The scopes that are ticked: one field each, so that what was ticked comes back from an error. */
const ScopeFields = z
  .looseObject({})
  .transform((fields) => ({
    scopes: Object.entries(fields).flatMap(([name, key]) => (SCOPE_FIELD.test(name) ? [key] : [])),
  }))
  .pipe(z.object({ scopes: Scopes }));

const Settings = z.object({
  name: ClientName,
  redirectUris: Lines,
  postLogoutRedirectUris: Lines,
  backchannelLogoutUri: z
    .string()
    .trim()
    .max(500, "Use at most 500 characters.")
    .default("")
    .transform((address) => address || null),
  firstParty: ticked,
  idTokenAlgorithm: z.enum(SIGNING_ALGORITHMS).default("ES256"),
  requirePushedRequests: ticked,
});

export const NewClientForm = z.intersection(
  Settings.extend({ kind: ClientKind, publicKeys: Keys.default("") }),
  ScopeFields,
);

export const ChangeClientForm = z.intersection(
  Settings.extend({
    id: ClientId,
    version: z.coerce.number<string>().int().min(1).max(999_999_999),
  }),
  ScopeFields,
);

export const ReplaceKeysForm = z.object({
  id: ClientId,
  publicKeys: Keys.min(1, "Enter a public key, or the address where the keys are."),
});
export const ClientForm = z.object({ id: ClientId });
export const RemoveSecretForm = z.object({ id: ClientId, secretId: Id });
