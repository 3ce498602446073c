import { writeFileSync } from "node:fs";

/** @typedef {import("vitest/node").Reporter} Reporter */

/**
 * A vitest reporter that writes one tally a project to the file that
 * GATEHOUSE_TALLY names. (The json reporter does not tell projects apart.)
 * @implements {Reporter}
 */
export default class VitestTally {
  /** @type {string[]} */
  #projects = [];

  /** @param {import("vitest/node").Vitest} vitest */
  onInit(vitest) {
    this.#projects = vitest.projects.map((project) => project.name);
  }

  /**
   * @param {readonly import("vitest/node").TestModule[]} modules
   * @param {readonly unknown[]} unhandledErrors
   */
  onTestRunEnd(modules, unhandledErrors) {
    const tallies = this.#projects.map((suite) => {
      const own = modules.filter((module) => module.project.name === suite);
      return tallyOf(suite, own);
    });
    const [first] = tallies;
    if (first && unhandledErrors.length > 0) first.problem ??= "an error outside of any test";
    writeFileSync(/** @type {string} */ (process.env["GATEHOUSE_TALLY"]), JSON.stringify(tallies));
  }
}

/**
 * @param {string} suite
 * @param {readonly import("vitest/node").TestModule[]} modules
 * @returns {import("./tally.mjs").Tally}
 */
function tallyOf(suite, modules) {
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  const inState = (/** @type {string} */ state) =>
    tests.filter((test) => test.result().state === state);
  const broken = modules.filter((module) => module.errors().length > 0);
  return {
    suite,
    passed: inState("passed").length,
    failed: inState("failed").length,
    skips: inState("skipped").map((test) => {
      const result = test.result();
      return { name: test.fullName, reason: result.state === "skipped" ? (result.note ?? "") : "" };
    }),
    ...(broken.length > 0 && { problem: `could not run ${broken.map(withItsReason).join(", ")}` }),
  };
}

/** @param {import("vitest/node").TestModule} module */
const withItsReason = (module) =>
  `${module.relativeModuleId} (${module.errors()[0]?.message.split("\n")[0]})`;
