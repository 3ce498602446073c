import http from "node:http";

const CONNECTIONS = 32;
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
export async function requestsPerSecond(next, { connections = CONNECTIONS } = {}) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  const during = async (/** @type {number} */ milliseconds) => {
    const end = performance.now() + milliseconds;
    let count = 0;
    await Promise.all(
      Array.from({ length: connections }, async (_, connection) => {
        while (performance.now() < end) {
          await once(agent, next(connection));
          count += 1;
        }
      }),
    );
    return count / (milliseconds / 1000);
  };
  await during(WARM_UP_MS);
  const rate = await during(MEASURED_MS);
  agent.destroy();
  return rate;
}

/**
 * @param {http.Agent} agent
 * @param {Ask} ask
 */
const once = (agent, { url, method = "GET", headers = {}, body, status, answered }) =>
  new Promise((resolve, reject) => {
    const request = http.request(url, { agent, method, headers }, (response) => {
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
        answered?.(text);
        resolve(undefined);
      });
    });
    request.once("error", reject).end(body);
  });
