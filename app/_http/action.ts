import "server-only";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import type { z } from "zod";
import { findCaller, requestFacts } from "@/app/_http/caller";
import { keepNamedOrganization } from "@/app/_http/named-organization";
import { answerDenials } from "@/app/_http/page";
import { getTranslations } from "@/app/_locale/translations";
import { validationWords } from "@/app/_locale/validation-words";
import { requireOwnOrigin, requireOwnSelf } from "@/lib/authz/refuse-at-gate";
import { HashingBusy } from "@/lib/credentials/password/hashing-slots";
import { requireAllowedNetwork } from "@/lib/organizations/allowed-network";
import { isUnavailable } from "@/lib/platform/db/errors";
import { networkOf } from "@/lib/platform/http/client-address";
import type { Translator } from "@/lib/platform/locale/translator";
import { log } from "@/lib/platform/log";
import { type RequestRate, spend } from "@/lib/platform/rate-limit/limiter";
import { AssuranceInsufficient, type Hold, holdOf, isFreedBy } from "@/lib/shared/assurance";
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
const ACTIONS_PER_SOURCE: RequestRate = {
  name: "action",
  pointsMax: 600,
  windowSeconds: minutes(1),
  counts: "requests",
};

type Problem = Parameters<Translator<"problems">>[0];

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

/** What ends an action before anything is parsed, by who calls; null where nothing does. */
type Admit = (caller: Caller | null) => Promise<FormState | null>;

/**
 * Every server action goes through here or through {@link runAction}: own
 * origin (D18), a budget for each network, parsed input, and an outage told
 * apart from a refusal. What `admit` answers ends it before anything is parsed. Whoever acts as
 * somebody else is refused, unless the action is open to them (F101).
 */
export async function runPublicAction<S extends z.ZodType, A extends Answer = FormState>(
  form: FormData,
  schema: S,
  run: (input: z.output<S>, request: RequestFacts, caller: Caller | null) => Promise<A>,
  { admit, impersonated = false }: { admit?: Admit; impersonated?: boolean } = {},
): Promise<A | FormState> {
  const origin = (await headers()).get("origin");
  try {
    const facts = await requestFacts();
    // A server action is an endpoint like any other; its only ambient authority is the cookie.
    const asked = { method: "POST", origin, byCookie: true };
    await answerDenials(() => requireOwnOrigin(asked, facts));
    const organization = await keepNamedOrganization(form);
    const request = { ...facts, ...(organization !== null && { organization }) };
    const budget = await spend(ACTIONS_PER_SOURCE, networkOf(request.ip));
    if (!budget.allowed) return await failure("busy", form);
    // Asked once: outside of a page nothing remembers who it was.
    const caller = await findCaller();
    if (caller !== null) await answerDenials(() => requireOwnSelf(caller, impersonated));
    const refused = (await admit?.(caller)) ?? null;
    if (refused !== null) return refused;
    const parsed = schema.safeParse(fieldsOf(form));
    if (!parsed.success) return await invalid(parsed.error, form);
    const state = await run(parsed.data, request, caller);
    return state.status === "error" || state.status === "challenge" || state.status === "preview"
      ? { ...state, values: typedValues(form) }
      : state;
  } catch (error) {
    if (error instanceof HashingBusy) return failure("busy", form);
    if (!isUnavailable(error)) throw error;
    log.error("a server action could not reach the database", { error });
    return failure("outage", form);
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
function drawnForAnother(form: FormData, { principal }: Caller): Problem | null {
  const [named, ...others] = form.getAll(ACCOUNT_FIELD);
  if (typeof named !== "string" || others.length > 0) return "switchedAccount";
  if (named === principal.userId || named === drawnFor(principal)) return null;
  return named.startsWith(`${principal.userId}:`) ? "switchedOrganization" : "switchedAccount";
}

/** For a form that somebody signed in fills in as themselves, and anybody else as nobody yet. */
export const admitOwn =
  (form: FormData): Admit =>
  async (caller) =>
    caller === null ? null : admitDrawnFor(form, caller);

async function admitDrawnFor(form: FormData, caller: Caller): Promise<FormState | null> {
  const problem = drawnForAnother(form, caller);
  if (problem === null) return null;
  // Without script the answer is a page of the account in use: what was typed as another stays out of it.
  const scripted = (await headers()).has("next-action");
  return failure(problem, scripted ? form : new FormData());
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

const failure = async (problem: Problem, form: FormData): Promise<FormState> => ({
  status: "error",
  message: (await getTranslations("problems"))(problem),
  values: typedValues(form),
});

async function invalid(error: z.ZodError, form: FormData): Promise<FormState> {
  const fieldErrors: Record<string, string[]> = {};
  for (const issue of error.issues) {
    const name = String(issue.path[0] ?? "");
    fieldErrors[name] = [...(fieldErrors[name] ?? []), await validationWords(issue.message)];
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
  {
    during,
    impersonated = false,
  }: { during?: Hold | readonly Hold[]; impersonated?: boolean } = {},
): Promise<A | FormState> {
  const admit: Admit = async (caller) => admitDrawnFor(form, caller ?? redirect("/sign-in"));
  const asCaller = async (
    input: z.output<S>,
    _request: RequestFacts,
    found: Caller | null,
  ): Promise<A | FormState> => {
    const caller = found ?? redirect("/sign-in");
    await answerDenials(() => requireAllowedNetwork(caller));
    const hold = holdOf(caller.principal);
    if (hold !== null && !isFreedBy(hold, during))
      return firstAt((path) => holdPath(hold, path), form);
    try {
      return await answerDenials(() => run(caller, input));
    } catch (error) {
      if (!(error instanceof AssuranceInsufficient)) throw error;
      const { acr } = error.requirement;
      return firstAt((path) => stepUpPath(path, acr), form);
    }
  };
  return runPublicAction<S, A | FormState>(form, schema, asCaller, { admit, impersonated });
}

/** Back to the page of the form afterwards: the browser names it, and only a path of ours counts. */
async function firstAt(place: (path: string) => string, form: FormData): Promise<FormState> {
  const referer = URL.parse((await headers()).get("referer") ?? "");
  const path = referer === null ? HOME_PATH : safeReturnTo(`${referer.pathname}${referer.search}`);
  return { status: "step-up", href: place(path), values: typedValues(form) };
}
