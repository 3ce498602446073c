import "server-only";
import type { z } from "zod";

const KINDS: Record<string, string> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
  null: "null",
};

const FORMATS: Record<string, string> = {
  uuid: "This is no id (a UUID).",
  guid: "This is no id (a UUID).",
  email: "This is no email address.",
  url: "Give a whole address, such as https://app.example.com/.",
  datetime: "Give a time, such as 2026-11-29T12:00:00Z.",
  date: "Give a date, such as 2026-11-29.",
};

const unitOf = (origin: string): string => (origin === "string" ? " characters" : "");

/** What does not fit, in words for whoever reads them; what a schema says itself comes first. */
export const validationWords: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case "invalid_type":
      if (issue.input === undefined) return "Required.";
      return `Give ${KINDS[issue.expected] ?? issue.expected}.`;
    case "invalid_value":
      if (issue.input === undefined) return "Required.";
      return `Use ${issue.values.map(String).join(" or ")}.`;
    case "unrecognized_keys":
      return `There is no ${issue.keys.join(", ")} here.`;
    case "too_small":
      return `Use at least ${issue.minimum}${unitOf(issue.origin)}.`;
    case "too_big":
      return `Use at most ${issue.maximum}${unitOf(issue.origin)}.`;
    case "invalid_format":
      return FORMATS[issue.format] ?? "This is not in the form that is asked for.";
    case "invalid_union":
      return "This is none of what can stand here.";
    default:
      return "This does not fit.";
  }
};
