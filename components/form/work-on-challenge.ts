import type { WorkChallenge } from "@/lib/shared/form-state";

const WORKER = "/proof-of-work.js";

type FromWorker = { done: number } | { proof: string };

/**
 * Works on a challenge, apart from the page so that it stays usable, and tells how
 * far it is, from 0 to 1. Null in a browser that cannot.
 */
export function workOn(
  challenge: WorkChallenge,
  onProgress: (done: number) => void,
): Promise<string | null> {
  return new Promise((resolve) => {
    try {
      const worker = new Worker(WORKER);
      const end = (proof: string | null) => {
        worker.terminate();
        resolve(proof);
      };
      worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) =>
        "proof" in data ? end(data.proof) : onProgress(data.done),
      );
      worker.addEventListener("error", () => end(null));
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has none.
      worker.postMessage(challenge);
    } catch {
      resolve(null);
    }
  });
}
