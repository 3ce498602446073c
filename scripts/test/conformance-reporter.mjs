import { writeFileSync } from "node:fs";

/** @typedef {import("vitest/node").Reporter} Reporter */

export const CONFORMANCE_DIR = "tests/conformance/";

/**
 * A vitest reporter that writes what each test under tests/conformance came to,
 * to the file that GATEHOUSE_PROOFS names.
 * @implements {Reporter}
 */
export default class ConformanceReporter {
  /** @param {readonly import("vitest/node").TestModule[]} modules */
  onTestRunEnd(modules) {
    const proofs = modules
      .filter((module) => module.relativeModuleId.startsWith(CONFORMANCE_DIR))
      .flatMap((module) =>
        [...module.children.allTests()].map((test) => ({
          file: module.relativeModuleId,
          name: test.fullName,
          passed: test.result().state === "passed",
        })),
      );
    writeFileSync(/** @type {string} */ (process.env["GATEHOUSE_PROOFS"]), JSON.stringify(proofs));
  }
}
