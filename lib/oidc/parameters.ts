import "server-only";

/** The text of a request's parameter, which the engine types as unknown. */
export const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** The values of a parameter that separates them by spaces, such as `scope` and `acr_values`. */
export const valuesOf = (value: unknown): string[] =>
  textOf(value)
    .split(" ")
    .filter((one) => one !== "");
