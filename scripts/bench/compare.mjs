import { print } from "../setup/progress.mjs";
import { requestsPerSecond } from "./load.mjs";

const ROUNDS = 2;

/**
 * @typedef {import("./load.mjs").Ask} Ask
 * @typedef {{ name: string, ask: (connection: number) => Ask, aim?: number }} Other what we are
 *   compared with; `aim` is the part of it, or how many times as much, that we want to reach
 * @typedef {object} Operation
 * @property {string} what
 * @property {(connection: number) => Ask} ours
 * @property {Other} [limit] the one thing in it that cannot be left out
 * @property {Other} [peer]
 * @property {number} [connections]
 * @typedef {{ what: string, rate: number, limit?: Reached, peer?: Reached }} Compared
 * @typedef {{ name: string, rate: number, ratio: number, aim?: number }} Reached
 */

/**
 * Measures an operation beside what bounds it and what others reach, in turns, so that a slow minute of
 * the machine is everybody's.
 * @param {Operation} operation
 * @returns {Promise<Compared>}
 */
export async function compare({ what, ours, limit, peer, connections }) {
  const options = connections === undefined ? {} : { connections };
  const rates = { ours: 0, limit: 0, peer: 0 };
  for (let round = 0; round < ROUNDS; round += 1) {
    if (limit) rates.limit += (await requestsPerSecond(limit.ask, options)) / ROUNDS;
    rates.ours += (await requestsPerSecond(ours, options)) / ROUNDS;
    if (peer) rates.peer += (await requestsPerSecond(peer.ask, options)) / ROUNDS;
  }
  /** @returns {Reached} */
  const reached = (/** @type {Other} */ { name, aim }, /** @type {number} */ rate) => ({
    name,
    rate,
    ratio: rates.ours / rate,
    ...(aim !== undefined && { aim }),
  });
  return {
    what,
    rate: rates.ours,
    ...(limit && { limit: reached(limit, rates.limit) }),
    ...(peer && { peer: reached(peer, rates.peer) }),
  };
}

/** The head of the table of what is compared. */
export const printHead = () =>
  print(
    "\n| operation | answers a second | its limit | of the limit | aim | peer | times the peer | aim |\n|--|--:|--:|--:|--:|--:|--:|--:|",
  );

/** @param {Compared} compared */
export function printRow({ what, rate, limit, peer }) {
  const cells = [limit, peer].flatMap((other) =>
    other === undefined
      ? ["", "", ""]
      : [
          `${other.name}: ${Math.round(other.rate)}`,
          other.ratio.toFixed(2),
          other.aim === undefined ? "" : String(other.aim),
        ],
  );
  print(`| ${what} | ${Math.round(rate)} | ${cells.join(" | ")} |`);
}
