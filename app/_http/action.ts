import "server-only";
import { headers } from "next/headers";
import { forbidden, redirect } from "next/navigation";
import type { z } from "zod";
import { findCaller, requestFacts } from "@/app/_http/caller";
import { answerDenials } from "@/app/_http/page";
import { HashingBusy } from "@/lib/credentials/password/hashing-slots";
import { requireAllowedNetwork } from "@/lib/organizations/allowed-network";
import { getConfig } from "@/lib/platform/config";
import { isUnavailable } from "@/lib/platform/db/errors";
import { networkOf } from "@/lib/platform/http/client-address";
import { isOwnOrigin } from "@/lib/platform/http/origin";
import { log } from "@/lib/platform/log";
import { type Limit, spend } from "@/lib/platform/rate-limit/limiter";
import { AssuranceInsufficient, type Hold, holdOf } from "@/lib/shared/assurance";
import type { Caller, RequestFacts } from "@/lib/shared/caller";
import { minutes } from "@/lib/shared/duration";
import { ACCOUNT_FIELD, type FormState, type Given } from "@/lib/shared/form-state";
import type { Principal } from "@/lib/shared/principal";
import { HOME_PATH, holdPath, safeReturnTo, stepUpPath } from "@/lib/shared/return-to";

/** Fields whose content must not travel back to the browser. */
const SECRET_FIELD = /password|token|secret|code|^current$|^response$|^proof$/i;
/** A condition is the longest thing that a form holds. */
const VALUE_LENGTH_MAX = 10_000;

/** Server actions from one network, whoever is signed in there (F117). */
const ACTIONS_PER_SOURCE: Limit = { name: "action", pointsMax: 600, windowSeconds: minutes(1) };

const BUSY = "There is too much to do right now. Wait a few seconds and try again.";
const SWITCHED =
  "You switched to another account after this page was loaded. Nothing was done. Load the page again, or switch back.";
const ORGANIZATION_SWITCHED =
  "You switched to another organization after this page was loaded. Nothing was done. Load the page again, or switch back.";
const OUTAGE = "We cannot reach our database right now. Nothing was changed. Try again shortly.";

/** What was typed, so that an error loses none of it, except secrets. */
export function typedValues(form: FormData): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of form) {
    if (name.startsWith("$") || SECRET_FIELD.test(name) || typeof value !== "string") continue;
    values[name] = value.slice(0, VALUE_LENGTH_MAX);
  }
  return values;
}

/** A form's fields as scalars; of a repeated one every value (DEC-10). */
function fieldsOf(form: FormData): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const name of new Set(form.keys())) {
    if (name.startsWith("$")) continue;
    const values = form.getAll(name).filter((value) => typeof value === "string");
    fields[name] = values.length > 1 ? values : values[0];
  }
  return fields;
}

/** What an action may answer: a form's state, or what script asked for. */
type Answer = FormState | Given<unknown>;

/**
 * Every server action goes through here or through {@link runAction}: own
 * origin (D18), a budget for each network, parsed input, and an outage told
 * apart from a refusal. What `admit` answers ends it before anything is parsed.
 */
export async function runPublicAction<S extends z.ZodType, A extends Answer = FormState>(
  form: FormData,
  schema: S,
  run: (input: z.output<S>, request: RequestFacts) => Promise<A>,
  { admit }: { admit?: () => Promise<FormState | null> } = {},
): Promise<A | FormState> {
  const origin = (await headers()).get("origin");
  // A server action is an endpoint like any other; its only ambient authority is the cookie.
  if (!isOwnOrigin({ method: "POST", origin, cookieAuthenticated: true }, getConfig().origin)) {
    forbidden();
  }
  try {
    const request = await requestFacts();
    const budget = await spend(ACTIONS_PER_SOURCE, networkOf(request.ip));
    if (!budget.allowed) return failure(BUSY, form);
    const refused = (await admit?.()) ?? null;
    if (refused !== null) return refused;
    const parsed = schema.safeParse(fieldsOf(form));
    if (!parsed.success) return invalid(parsed.error, form);
    const state = await run(parsed.data, request);
    return state.status === "error" || state.status === "challenge" || state.status === "preview"
      ? { ...state, values: typedValues(form) }
      : state;
  } catch (error) {
    if (error instanceof HashingBusy) return failure(BUSY, form);
    if (!isUnavailable(error)) throw error;
    log.error("a server action could not reach the database", { error });
    return failure(OUTAGE, form);
  }
}

/**
 * For whom the pages of the signed-in area are drawn: an account in an organization. What is typed
 * in one of its organizations is done in no other (F81).
 */
export const drawnFor = ({ userId, organizationId }: Principal): string =>
  `${userId}:${organizationId}`;

/**
 * Whether whoever sent this saw the page of another account than the one in use (F36), or of
 * another organization of it. A page that is about the account alone names no organization.
 */
function drawnForAnother(form: FormData, { principal }: Caller): string | null {
  const [named, ...others] = form.getAll(ACCOUNT_FIELD);
  if (typeof named !== "string" || others.length > 0) return SWITCHED;
  if (named === principal.userId || named === drawnFor(principal)) return null;
  return named.startsWith(`${principal.userId}:`) ? ORGANIZATION_SWITCHED : SWITCHED;
}

/** For a form that somebody signed in fills in as themselves, and anybody else as nobody yet. */
export async function admitOwn(form: FormData): Promise<FormState | null> {
  const caller = await findCaller();
  return caller === null ? null : admitDrawnFor(form, caller);
}

async function admitDrawnFor(form: FormData, caller: Caller): Promise<FormState | null> {
  const message = drawnForAnother(form, caller);
  if (message === null) return null;
  // Without script the answer is a page of the account in use: what was typed as another stays out of it.
  const scripted = (await headers()).has("next-action");
  return { status: "error", message, values: scripted ? typedValues(form) : {} };
}

/**
 * The form of an action that has none, such as an undo: it is for the account
 * that it was offered to.
 */
export function formOf(account: string, fields: Record<string, string> = {}): FormData {
  const form = new FormData();
  form.set(ACCOUNT_FIELD, account);
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}

const failure = (message: string, form: FormData): FormState => ({
  status: "error",
  message,
  values: typedValues(form),
});

function invalid(error: z.ZodError, form: FormData): FormState {
  const fieldErrors: Record<string, string[]> = {};
  for (const issue of error.issues) {
    const name = String(issue.path[0] ?? "");
    fieldErrors[name] = [...(fieldErrors[name] ?? []), issue.message];
  }
  return { status: "error", fieldErrors, values: typedValues(form) };
}

/**
 * A server action of somebody signed in, from a page that was drawn for them. Without
 * a session the answer is the sign-in page, and a refusal of the use case becomes 403 with its decision.
 * Where more has to be proven first, the form says so and keeps what was typed.
 */
export function runAction<S extends z.ZodType, A extends Answer = FormState>(
  form: FormData,
  schema: S,
  run: (caller: Caller, input: z.output<S>) => Promise<A>,
  { during }: { during?: Hold } = {},
): Promise<A | FormState> {
  const requireCaller = async (): Promise<Caller> => (await findCaller()) ?? redirect("/sign-in");
  const admit = async (): Promise<FormState | null> => admitDrawnFor(form, await requireCaller());
  const asCaller = async (input: z.output<S>): Promise<A | FormState> => {
    const caller = await requireCaller();
    await answerDenials(() => requireAllowedNetwork(caller));
    const hold = holdOf(caller.principal);
    if (hold !== null && hold !== during) return firstAt((path) => holdPath(hold, path), form);
    try {
      return await answerDenials(() => run(caller, input));
    } catch (error) {
      if (!(error instanceof AssuranceInsufficient)) throw error;
      const { acr } = error.requirement;
      return firstAt((path) => stepUpPath(path, acr), form);
    }
  };
  return runPublicAction<S, A | FormState>(form, schema, asCaller, { admit });
}

/** Back to the page of the form afterwards: the browser names it, and only a path of ours counts. */
async function firstAt(place: (path: string) => string, form: FormData): Promise<FormState> {
  const referer = URL.parse((await headers()).get("referer") ?? "");
  const path = referer === null ? HOME_PATH : safeReturnTo(`${referer.pathname}${referer.search}`);
  return { status: "step-up", href: place(path), values: typedValues(form) };
}
