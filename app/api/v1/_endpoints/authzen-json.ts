import "server-only";
import { isIP } from "node:net";
import { z } from "zod";
import { validationWords } from "@/app/api/validation-words";
import type { Answer, Evaluation as Asked, Until } from "@/lib/decisions/evaluate-access";
import type { Circumstances, SubjectRef } from "@/lib/decisions/imagine-caller";

// The JSON of AuthZEN 1.0 (Authorization API). What is not named here is ignored, as §10.1.1 asks.

/** A NUL or half a surrogate pair names nothing of ours, and is an error of the database. */
const Text = z
  .string()
  .max(200)
  .refine((text) => text.isWellFormed() && !text.includes("\0"), "Use valid text.");
const Properties = z.record(z.string(), z.unknown());

const Subject = z.object({
  type: Text.describe("`user` or `service`; of another there is none."),
  id: Text.describe("Of a user the id or the email address, of a service the client's id."),
  properties: Properties.optional().describe("Ignored: what users are like is known here."),
});
const Action = z.object({
  name: Text.describe("The key of a permission."),
  properties: Properties.optional().describe("Ignored."),
});
const Resource = z.object({
  type: Text.describe("The resource type that the permission is about."),
  id: Text,
  properties: Properties.default({}).describe(
    "Ignored for records that are here; of other programs' types, what conditions may ask about.",
  ),
});
const Context = z
  .looseObject({
    ip: z.unknown().optional().describe("From where the subject's request came."),
    means: z.unknown().optional().describe("`session`, `app` or `personal-token`; else `app`."),
    acr: z.unknown().optional().describe("How the subject has authenticated, as tokens say it."),
    auth_time: z.unknown().optional().describe("When, in seconds since 1970."),
  })
  .describe("What is not told counts as not known. The time is always ours.")
  .optional();

export const Evaluation = z.object({
  subject: Subject,
  action: Action,
  resource: Resource,
  context: Context,
});
type Evaluation = z.output<typeof Evaluation>;

const SEMANTICS = ["execute_all", "deny_on_first_deny", "permit_on_first_permit"] as const;

export const UNTIL = {
  execute_all: "all",
  deny_on_first_deny: "first-deny",
  permit_on_first_permit: "first-permit",
} as const satisfies Record<(typeof SEMANTICS)[number], Until>;

/** As many questions as one request may ask. */
const EVALUATIONS_MAX = 100;

export const Evaluations = Evaluation.partial()
  .extend({
    evaluations: z.array(Evaluation.partial()).max(EVALUATIONS_MAX).optional(),
    options: z.object({ evaluations_semantic: z.enum(SEMANTICS).optional() }).optional(),
  })
  .transform(({ evaluations = [], options, ...defaults }, context) => {
    const single = evaluations.length === 0;
    const merged = (single ? [{}] : evaluations).map((one, index) => {
      const whole = Evaluation.safeParse({ ...defaults, ...one }, { error: validationWords });
      if (whole.success) return whole.data;
      for (const { path, message } of whole.error.issues) {
        const at = single ? path : ["evaluations", index, ...path];
        context.addIssue({ code: "custom", path: at, message });
      }
      return z.NEVER;
    });
    return { evaluations: merged, single, until: options?.evaluations_semantic ?? SEMANTICS[0] };
  });

const Page = z
  .object({
    token: z.string().max(2_000).optional(),
    limit: z.number().int().min(1).max(1_000).optional(),
  })
  .optional();

export const SubjectSearch = z.object({
  // An id is ignored (§8.4.1).
  subject: Subject.pick({ type: true }),
  action: Action,
  resource: Resource,
  context: Context,
  page: Page,
});
export const ResourceSearch = z.object({
  subject: Subject,
  action: Action,
  resource: Resource.pick({ type: true }),
  context: Context,
  page: Page,
});
export const ActionSearch = z.object({
  subject: Subject,
  resource: Resource,
  context: Context,
  page: Page,
});

export const Decision = z.object({
  decision: z.boolean(),
  context: z
    .object({
      reason: z
        .enum([
          "no-grant",
          "condition-not-met",
          "denied-by-policy",
          "step-up",
          "person-required",
          "second-factor-required",
        ])
        .describe("Of what kind the reason is. Which role or rule it was is for administrators."),
      decision_id: z.uuid().optional().describe("Under which they find it, where it is kept."),
      acr_values: z.string().optional(),
      max_age: z.number().optional(),
    })
    .optional(),
});
export const Decisions = z.union([z.object({ evaluations: z.array(Decision) }), Decision]);

export const Found = z.object({
  page: z.object({ next_token: z.string(), count: z.number() }),
  results: z.array(
    z.union([z.object({ type: z.string(), id: z.string() }), z.object({ name: z.string() })]),
  ),
});

export const subjectTypeOf = (type: string): SubjectRef["type"] | null =>
  type === "user" || type === "service" ? type : null;

export function subjectOf({ type, id }: z.output<typeof Subject>): SubjectRef | null {
  const known = subjectTypeOf(type);
  return known && { type: known, id };
}

const MEANS = ["session", "app", "personal-token"] as const;
const SECONDS_MAX = 8_640_000_000_000;

/** What the context tells of the request; what it tells in a form of its own is not known. */
export function circumstancesOf(context: z.output<typeof Context>): Circumstances {
  const { ip, means, acr, auth_time: authTime } = context ?? {};
  const isTime =
    typeof authTime === "number" && Number.isFinite(authTime) && Math.abs(authTime) < SECONDS_MAX;
  return {
    at: null,
    ip: typeof ip === "string" && isIP(ip) !== 0 ? ip : null,
    means: MEANS.find((one) => one === means) ?? "app",
    acr: typeof acr === "string" && /^[\x21-\x7e]{1,200}$/.test(acr) ? acr : "",
    authTime: isTime ? new Date(authTime * 1000) : null,
  };
}

export const evaluationOf = ({ subject, action, resource, context }: Evaluation): Asked => ({
  subject: subjectOf(subject),
  permission: action.name,
  resource,
  circumstances: circumstancesOf(context),
});

const WANTS = {
  person: "person-required",
  user: "person-required",
  "second-factor": "second-factor-required",
} as const;

/** The decision as the client may know it (§5.5.1). */
export function answerOf({ judgement, decisionId }: Answer): z.output<typeof Decision> {
  switch (judgement.outcome) {
    case "allowed":
      return { decision: true };
    case "denied": {
      const id = decisionId === null ? {} : { decision_id: decisionId };
      return { decision: false, context: { reason: judgement.reason, ...id } };
    }
    case "token-insufficient":
      return { decision: false, context: { reason: WANTS[judgement.wants] } };
    case "proof-needed": {
      const { acr, maxAge } = judgement.requirement;
      return {
        decision: false,
        context: {
          reason: "step-up",
          ...(acr === undefined ? {} : { acr_values: acr }),
          ...(maxAge === undefined ? {} : { max_age: maxAge }),
        },
      };
    }
  }
}
