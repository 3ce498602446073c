import "server-only";
import { z } from "zod";
import { Environment, type VariableName } from "@/lib/platform/environment-variables";
import { fileVariable, readSecret } from "@/lib/platform/secret-files";

/** `start` is what `npm start` has worked out itself; everything else that is set is said by somebody. */
export type ValueSource = "environment" | "env-file" | "secret-file" | "start" | "default";

export interface Variable {
  name: VariableName;
  /** As it was written; null where nothing was. A secret as well: whoever shows it asks first. */
  given: string | null;
  source: ValueSource;
  /** What holds where nothing is given; null where nothing does. */
  fallback: string | null;
  /** The only values that there are. */
  choices: readonly string[] | null;
  minimum: number | null;
  maximum: number | null;
}

/** The variable by which `npm start` says which values it has from .env.local and which it made. */
const SOURCES_VARIABLE = "GATEHOUSE_VALUE_SOURCES";

/** What holds where a variable is missing, in the words in which it would be given. */
function defaultOf(schema: z.core.$ZodType): string | null {
  if (schema instanceof z.ZodPipe) return defaultOf(schema.def.in);
  return schema instanceof z.ZodDefault ? String(schema.def.defaultValue) : null;
}

const Described = z.looseObject({
  enum: z.array(z.string()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
});

/** Every variable that there is, as the schema says, with where its value comes from. */
export function listVariables(environment: Record<string, string | undefined>): Variable[] {
  const { properties = {} } = z.toJSONSchema(Environment, { io: "input" });
  const sources = new Map(
    (environment[SOURCES_VARIABLE] ?? "").split(",").map((entry): [string, string] => {
      const [name = "", source = ""] = entry.split("=");
      return [name, source];
    }),
  );
  return Object.entries(properties).map(([name, schema]) => {
    const described = Described.parse(schema);
    const given = readSecret(name, environment).value ?? null;
    const source = environment[fileVariable(name)] ? "secret-file" : sources.get(name);
    return {
      name: name as VariableName,
      given,
      source:
        given === null
          ? "default"
          : source === "env-file" || source === "start" || source === "secret-file"
            ? source
            : "environment",
      fallback: defaultOf(Environment.shape[name as VariableName]) || null,
      choices: described.enum ?? null,
      minimum: described.minimum ?? null,
      maximum: described.maximum ?? null,
    };
  });
}
