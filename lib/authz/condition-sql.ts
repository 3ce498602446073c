import "server-only";

/**
 * A stored condition as rules and holdings are loaded: JSON's own null, which no driver tells from
 * there being none, comes as what nobody can read, and gives nothing (FLT-26). The database
 * refuses it as well.
 */
export const loadedCondition = (column: "rp.condition" | "v.condition"): string =>
  `CASE WHEN jsonb_typeof(${column}) = 'null' THEN '{}'::jsonb ELSE ${column} END AS condition`;
