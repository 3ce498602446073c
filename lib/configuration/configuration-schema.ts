import "server-only";
import { z } from "zod";
import { Configuration, NamedCondition } from "@/lib/configuration/configuration.schema";

type JsonSchema = Record<string, unknown>;

/** What is written is described, not what parsing makes of it. */
const describe = (schema: z.ZodType, override?: (context: { jsonSchema: JsonSchema }) => void) =>
  z.toJSONSchema(schema, {
    io: "input",
    unrepresentable: "any",
    ...(override && {
      override: ({ zodSchema, jsonSchema }) => {
        const { def } = zodSchema._zod;
        if (def.type === "pipe" && def.out === NamedCondition) override({ jsonSchema });
      },
    }),
  }) as JsonSchema;

/** The JSON Schema of configuration files, made from the schema that reads them. */
export function configurationSchema(): JsonSchema {
  const { properties, $defs } = describe(z.object({ condition: NamedCondition })) as {
    properties: { condition: JsonSchema };
    $defs?: JsonSchema;
  };
  const schema = describe(Configuration, ({ jsonSchema }) => {
    for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
    jsonSchema["$ref"] = "#/$defs/condition";
  });
  return { ...schema, $defs: { ...$defs, condition: properties.condition } };
}
