import http from "node:http";

export const CONNECTIONS = 32;
/** As behind a proxy, of which the program is told: an address that is not known counts against whoever asks. */
const PROXIED = { "x-forwarded-for": "198.18.0.1" };
const WARM_UP_MS = 1_000;
const MEASURED_MS = 4_000;

/**
 * @typedef {object} Ask one request, and what must come of it
 * @property {string} url
 * @property {string} [method]
 * @property {Record<string, string>} [headers]
 * @property {string} [body]
 * @property {number} status any other answer ends the measurement: a refusal is fast, and would
 *   look like a success
 * @property {(body: string) => void} [answered] what to make of the answer
 */

/**
 * Asks over and over on kept connections and returns the answers a second.
 * @param {(connection: number) => Ask} next what a connection asks for next
 * @param {{ connections?: number }} [options]
 */
export const requestsPerSecond = async (next, options) =>
  (await measureAnswers(next, options)).rate;

/**
 * The same with how long an answer took: half of them at most the one, 95 of 100 at most the other.
 * @param {(connection: number) => Ask} next what a connection asks for next
 * @param {{ connections?: number }} [options]
 */
export async function measureAnswers(next, { connections = CONNECTIONS } = {}) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  const during = async (/** @type {number} */ milliseconds) => {
    const end = performance.now() + milliseconds;
    /** @type {number[]} */
    const times = [];
    await Promise.all(
      Array.from({ length: connections }, async (_, connection) => {
        while (performance.now() < end) {
          const asked = performance.now();
          await once(agent, next(connection));
          times.push(performance.now() - asked);
        }
      }),
    );
    return times;
  };
  await during(WARM_UP_MS);
  const times = (await during(MEASURED_MS)).sort((one, other) => one - other);
  agent.destroy();
  return {
    rate: times.length / (MEASURED_MS / 1000),
    p50Ms: percentile(times, 0.5),
    p95Ms: percentile(times, 0.95),
  };
}

/**
 * The smallest of these that so many are not above.
 * @param {number[]} sorted
 * @param {number} part
 */
export const percentile = (sorted, part) =>
  sorted[Math.ceil(sorted.length * part) - 1] ?? Number.NaN;

/**
 * @param {http.Agent} agent
 * @param {Ask} ask
 */
const once = (agent, { url, method = "GET", headers = {}, body, status, answered }) =>
  new Promise((resolve, reject) => {
    const sent = { ...PROXIED, ...headers };
    const request = http.request(url, { agent, method, headers: sent }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => {
        if (answered) text += chunk;
      });
      response.once("end", () => {
        if (response.statusCode !== status) {
          reject(new Error(`${url} answered ${response.statusCode}, not ${status}`));
          return;
        }
        try {
          resolve(answered?.(text));
        } catch (error) {
          reject(error);
        }
      });
    });
    request.once("error", reject).end(body);
  });
