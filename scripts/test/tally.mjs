/**
 * @typedef {{ name: string, reason: string }} Skip
 * @typedef {{ suite: string, passed: number, failed: number, skips: Skip[], problem?: string }} Tally
 * what one suite came to; `problem` when it failed as a whole
 */

const NEEDS = /\bneeds ([\w.-]+)/;

/**
 * The end of a test run: what was skipped and how to have it run, what went
 * wrong besides single tests, and the one line with the sums.
 *
 * A suite in which nothing ran is a failure: green because nothing was tried
 * is the most expensive green.
 * @param {readonly Tally[]} tallies
 * @param {{ ci: boolean }} options in CI a skip is a failure
 * @returns {{ lines: string[], succeeded: boolean }}
 */
export function summarise(tallies, { ci }) {
  const skips = tallies.flatMap(({ suite, skips: own }) => own.map((skip) => ({ ...skip, suite })));
  const problems = tallies.flatMap((tally) => problemsOf(tally));
  const passed = sum(tallies.map((tally) => tally.passed));
  const failed =
    sum(tallies.map((tally) => tally.failed)) + problems.length + (ci ? skips.length : 0);
  const programs = [...new Set(skips.flatMap(({ reason }) => NEEDS.exec(reason)?.[1] ?? []))];
  return {
    lines: [
      ...skips.map(
        ({ suite, name, reason }) => `skipped: ${suite}: ${name}${reason && ` (${reason})`}`,
      ),
      ...programs.map((program) => `  install ${program}: apt-get install ${program}`),
      ...(ci && skips.length > 0 ? ["With CI=true a skip is a failure."] : []),
      ...problems,
      closingLine(passed, failed, ci ? 0 : skips.length),
    ],
    succeeded: failed === 0,
  };
}

/** @param {Tally} tally */
function problemsOf({ suite, passed, failed, problem }) {
  if (problem) return [`failed: ${suite}: ${problem}`];
  return passed + failed === 0 ? [`failed: ${suite}: no test ran`] : [];
}

/**
 * @param {number} passed
 * @param {number} failed
 * @param {number} skipped
 */
const closingLine = (passed, failed, skipped) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;

/** @param {readonly number[]} numbers */
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
