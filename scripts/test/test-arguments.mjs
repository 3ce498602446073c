const NO_BUILD = "--no-build";
const KINDS = /** @type {const} */ (["unit", "integration", "e2e"]);

/**
 * `--unit`, `--integration` and `--e2e` choose suites, all of them when none is
 * named; `--no-build` takes the build as it is; what else is given goes on to vitest and Playwright as filters.
 * Integration means every vitest project but the unit one.
 * @param {readonly string[]} args
 */
export function parseTestArguments(args) {
  const flags = new Set(KINDS.filter((kind) => args.includes(`--${kind}`)));
  const wants = (/** @type {typeof KINDS[number]} */ kind) => flags.size === 0 || flags.has(kind);
  const known = new Set(KINDS.map((kind) => `--${kind}`));
  return {
    unit: wants("unit"),
    integration: wants("integration"),
    endToEnd: wants("e2e"),
    build: !args.includes(NO_BUILD),
    filters: args.filter((arg) => !known.has(arg) && arg !== NO_BUILD),
  };
}

/**
 * The projects that vitest runs, in its notation: false for none, undefined for all.
 * @param {{ unit: boolean, integration: boolean }} wanted
 */
export function vitestProject({ unit, integration }) {
  if (unit && integration) return undefined;
  if (unit) return "unit";
  return integration ? "!unit" : false;
}
