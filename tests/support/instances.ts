import { type ChildProcess, fork } from "node:child_process";
import { rmSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import type { RequestRate } from "@/lib/platform/rate-limit/limiter";
import type { Question } from "@/tests/support/second-instance";

const ROOT = path.resolve(import.meta.dirname, "../..");

interface Reply {
  id: number;
  answer?: boolean;
  error?: string;
}

/** A program of its own that answers for the same database, until it is stopped. */
export interface Instance {
  /** Whether the session of this cookie may see invoices, as this instance says now. */
  maySee(cookie: string): Promise<boolean>;
  /** Whether there is something left of a rate, of which it takes one. */
  mayAsk(rate: RequestRate, subject: string): Promise<boolean>;
  stop(): Promise<void>;
}

/** Bundles tests/support/second-instance.ts and runs it, with the database of this test. */
export async function aSecondInstance(environment: Record<string, string> = {}): Promise<Instance> {
  // Beside the packages, which it loads from there.
  const outfile = path.join(ROOT, `node_modules/.cache/second-instance-${process.pid}.mjs`);
  await build({
    absWorkingDir: ROOT,
    entryPoints: ["tests/support/second-instance.ts"],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node22.12",
    packages: "external",
    alias: { "server-only": path.join(ROOT, "node_modules/server-only/empty.js") },
    logLevel: "silent",
  });
  const child = fork(outfile, { env: { ...process.env, ...environment }, execArgv: [] });
  const waiting = new Map<number, (reply: Reply) => void>();
  const answered = new Promise<void>((resolve) => waiting.set(0, () => resolve()));
  child.on("message", (reply: Reply) => {
    waiting.get(reply.id)?.(reply);
    waiting.delete(reply.id);
  });
  const gone = goneOf(child);
  await Promise.race([answered, gone.then(failed)]);
  let last = 0;
  const ask = async (question: Question): Promise<boolean> => {
    last += 1;
    const id = last;
    const reply = new Promise<Reply>((resolve) => waiting.set(id, resolve));
    child.send({ id, question });
    const { answer, error } = await Promise.race([reply, gone.then(failed)]);
    if (answer === undefined) throw new Error(error);
    return answer;
  };
  return {
    maySee: (cookie) => ask({ cookie }),
    mayAsk: (rate, subject) => ask({ rate, subject }),
    async stop() {
      child.disconnect();
      await gone;
      rmSync(outfile, { force: true });
    },
  };
}

const goneOf = (child: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => child.once("error", reject).once("exit", () => resolve()));

const failed = (): never => {
  throw new Error("the second instance has ended");
};
