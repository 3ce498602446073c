import { z } from "zod";
import { ConditionText } from "@/app/admin/policies/forms.schema";
import { Email } from "@/lib/shared/email.schema";
import { Id } from "@/lib/shared/id.schema";

const Optional = <S extends z.ZodType>(schema: S) =>
  z.union([z.literal("").transform(() => undefined), schema]).optional();

const FIELD = /^field\.([A-Za-z]{1,60})$/;
const NUMBERED = /^draft\.(permission|hide)\.\d{1,4}$/;

const typed = (fields: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => {
      const field = FIELD.exec(name)?.[1];
      return field === undefined || typeof value !== "string" || value === ""
        ? []
        : [[field, value]];
    }),
  );

const ticked = (fields: Record<string, unknown>, kind: "permission" | "hide"): string[] =>
  Object.entries(fields).flatMap(([name, value]) =>
    NUMBERED.exec(name)?.[1] === kind && typeof value === "string" ? [value] : [],
  );

/** Who asks for what and how, and what of a policy is tried. */
export const BenchForm = z
  .looseObject({
    email: Email,
    asked: z.string().max(60).min(1, "Choose a permission."),
    record: z.enum(["any", "known", "described"]).default("any"),
    recordId: Optional(Id),
    owned: z.literal("on").optional(),
    at: Optional(
      z
        .string()
        .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/, "Use a date and a time.")
        .transform((text) => new Date(`${text}Z`))
        .refine((at) => !Number.isNaN(at.getTime()), "Use a date and a time."),
    ),
    address: Optional(z.union([z.ipv4(), z.ipv6()], "Use an address like 192.0.2.1.")),
    acr: z
      .enum(["urn:gatehouse:aal1", "urn:gatehouse:aal2", "urn:gatehouse:aal3"])
      .default("urn:gatehouse:aal1"),
    means: z.enum(["session", "app", "personal-token"]).default("session"),
    proofMinutes: Optional(z.coerce.number<string>("Use minutes.").min(0).max(525_600)),
    policyId: Optional(Id),
    /** A version's number, "edited" for what stands in the editor, or nothing. */
    tried: Optional(
      z.union([z.literal("edited"), z.coerce.number<string>().int().min(1).max(100_000)]),
    ),
    "draft.effect": z.enum(["allow", "deny"]).optional(),
    "draft.condition": ConditionText,
  })
  .transform((fields) => ({
    ...fields,
    attributes: typed(fields),
    edited: {
      effect: fields["draft.effect"] ?? "deny",
      permissions: ticked(fields, "permission"),
      fields: fields["draft.effect"] === "deny" ? ticked(fields, "hide") : [],
      condition: fields["draft.condition"],
      note: "",
    },
  }));
export type BenchInput = z.output<typeof BenchForm>;
