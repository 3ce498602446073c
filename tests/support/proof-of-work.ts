import { readFileSync } from "node:fs";
import path from "node:path";
import vm from "node:vm";
import type { WorkChallenge } from "@/lib/shared/form-state";

const FILE = path.resolve(import.meta.dirname, "../../public/proof-of-work.js");

type Listener = (event: { data: WorkChallenge }) => void;
type Message = { proof: string } | { done: number };

/** The proof that a browser finds, by the very file that it works with; and how far it said to be. */
export function solve(challenge: WorkChallenge): { proof: string; progress: number[] } {
  const progress: number[] = [];
  let proof = "";
  const self = {
    addEventListener: (_event: "message", listener: Listener) => listener({ data: challenge }),
    postMessage: (message: Message) => {
      if ("proof" in message) proof = message.proof;
      else progress.push(message.done);
    },
  };
  const run = vm.runInThisContext(`((self) => {${readFileSync(FILE, "utf8")}})`) as (
    worker: typeof self,
  ) => void;
  run(self);
  return { proof, progress };
}

/** Tries until no more work is asked for, as a browser does. */
export async function working<R extends { outcome: string; challenge?: WorkChallenge }>(
  attempt: (proof?: string) => Promise<R>,
): Promise<Exclude<R, { challenge: WorkChallenge }>> {
  let result = await attempt();
  while (result.challenge !== undefined) result = await attempt(solve(result.challenge).proof);
  return result as Exclude<R, { challenge: WorkChallenge }>;
}
