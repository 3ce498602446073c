import http from "node:http";

const CONNECTIONS = 32;
const WARM_UP_MS = 1_000;
const MEASURED_MS = 4_000;

/**
 * Asks for one thing over and over on kept connections and returns the answers
 * a second. An answer with another status than expected ends the measurement:
 * a refusal is fast, and would look like a success.
 * @param {{ url: string, headers?: Record<string, string>, status: number }} target
 */
export async function requestsPerSecond({ url, headers = {}, status }) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const once = () =>
    new Promise((resolve, reject) => {
      http
        .get(url, { agent, headers }, (response) => {
          response.resume().once("end", () => {
            if (response.statusCode === status) resolve(undefined);
            else reject(new Error(`${url} answered ${response.statusCode}, not ${status}`));
          });
        })
        .once("error", reject);
    });
  const during = async (/** @type {number} */ milliseconds) => {
    const end = performance.now() + milliseconds;
    let count = 0;
    await Promise.all(
      Array.from({ length: CONNECTIONS }, async () => {
        while (performance.now() < end) {
          await once();
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
