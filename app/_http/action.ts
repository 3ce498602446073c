import "server-only";
import { headers } from "next/headers";
import { forbidden, redirect } from "next/navigation";
import type { z } from "zod";
import { findCaller, requestFacts } from "@/app/_http/caller";
import { answerDenials } from "@/app/_http/page";
import { HashingBusy } from "@/lib/credentials/password/hashing-slots";
import { getConfig } from "@/lib/platform/config";
import { isUnavailable } from "@/lib/platform/db/errors";
import { networkOf } from "@/lib/platform/http/client-address";
import { isOwnOrigin } from "@/lib/platform/http/origin";
import { log } from "@/lib/platform/log";
import { type Limit, spend } from "@/lib/platform/rate-limit/limiter";
import { AAL2, AssuranceInsufficient, type Hold, holdOf } from "@/lib/shared/assurance";
import type { Caller, RequestFacts } from "@/lib/shared/caller";
import { minutes } from "@/lib/shared/duration";
import type { FormState, Given } from "@/lib/shared/form-state";
import { HOME_PATH, holdPath, safeReturnTo, stepUpPath } from "@/lib/shared/return-to";

/** Fields whose content must not travel back to the browser. */
const SECRET_FIELD = /password|token|secret|code|^current$|^response$/i;
const VALUE_LENGTH_MAX = 2_000;

/** Server actions from one network, whoever is signed in there (F117). */
const ACTIONS_PER_SOURCE: Limit = { name: "action", pointsMax: 600, windowSeconds: minutes(1) };

const BUSY = "There is too much to do right now. Wait a few seconds and try again.";
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
 * origin (D18), parsed input, and an outage told apart from a refusal.
 */
export async function runPublicAction<S extends z.ZodType, A extends Answer = FormState>(
  form: FormData,
  schema: S,
  run: (input: z.output<S>, request: RequestFacts) => Promise<A>,
): Promise<A | FormState> {
  const origin = (await headers()).get("origin");
  // A server action is an endpoint like any other; its only ambient authority is the cookie.
  if (!isOwnOrigin({ method: "POST", origin, cookieAuthenticated: true }, getConfig().origin)) {
    forbidden();
  }
  const parsed = schema.safeParse(fieldsOf(form));
  if (!parsed.success) return invalid(parsed.error, form);
  try {
    const request = await requestFacts();
    const budget = await spend(ACTIONS_PER_SOURCE, networkOf(request.ip));
    if (!budget.allowed) return failure(BUSY, form);
    const state = await run(parsed.data, request);
    return state.status === "error" ? { ...state, values: typedValues(form) } : state;
  } catch (error) {
    if (error instanceof HashingBusy) return failure(BUSY, form);
    if (!isUnavailable(error)) throw error;
    log.error("a server action could not reach the database", { error });
    return failure(OUTAGE, form);
  }
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
 * A server action of somebody signed in. Without a session the answer is the
 * sign-in page, and a refusal of the use case becomes 403 with its decision.
 * Where more has to be proven first, the form says so and keeps what was typed.
 */
export function runAction<S extends z.ZodType, A extends Answer = FormState>(
  form: FormData,
  schema: S,
  run: (caller: Caller, input: z.output<S>) => Promise<A>,
  { during }: { during?: Hold } = {},
): Promise<A | FormState> {
  return runPublicAction<S, A | FormState>(form, schema, async (input) => {
    const caller = await findCaller();
    if (caller === null) redirect("/sign-in");
    const hold = holdOf(caller.principal);
    if (hold !== null && hold !== during) return firstAt((path) => holdPath(hold, path), form);
    try {
      return await answerDenials(() => run(caller, input));
    } catch (error) {
      if (!(error instanceof AssuranceInsufficient)) throw error;
      const needsSecondFactor = error.requirement.acr === AAL2;
      return firstAt((path) => stepUpPath(path, needsSecondFactor), form);
    }
  });
}

/** Back to the page of the form afterwards: the browser names it, and only a path of ours counts. */
async function firstAt(place: (path: string) => string, form: FormData): Promise<FormState> {
  const referer = URL.parse((await headers()).get("referer") ?? "");
  const path = referer === null ? HOME_PATH : safeReturnTo(`${referer.pathname}${referer.search}`);
  return { status: "step-up", href: place(path), values: typedValues(form) };
}
