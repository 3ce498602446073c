import { expect, test } from "vitest";
import { answerCronRequest } from "@/app/api/cron/cron";
import { recordStandaloneEvent } from "@/lib/audit/record-event";
import { getConfig } from "@/lib/platform/config";
import { pool } from "@/lib/platform/db/pool";
import { answerWebRequest } from "@/lib/platform/http/web-mount";
import { anInstance, aRequest } from "@/tests/support/builders";

const SECRET = "what-the-platform-was-given";

const call = (authorization?: string, method = "GET") =>
  answerWebRequest(
    new Request(`${getConfig().origin}/api/cron`, {
      method,
      headers: authorization === undefined ? {} : { authorization },
    }),
    answerCronRequest,
  );

const unsealed = async (): Promise<number> =>
  (await pool().query<{ count: number }>("SELECT count(*)::int AS count FROM audit_unsealed"))
    .rows[0]?.count ?? 0;

test("the work in the background is done for whoever brings CRON_SECRET, and for nobody else (D21, F144)", async () => {
  await anInstance();
  await recordStandaloneEvent(
    { action: "x.happened", outcome: "success", actor: { type: "system" } },
    aRequest(),
  );
  expect((await call()).status).toBe(404);
  Object.assign(getConfig(), { cronSecret: SECRET });
  for (const wrong of [undefined, "Bearer", "Bearer other", `Basic ${SECRET}`]) {
    expect((await call(wrong)).status).toBe(401);
  }
  expect((await call(`Bearer ${SECRET}`, "POST")).status).toBe(405);
  expect(await unsealed()).toBeGreaterThan(0);
  const answers = await Promise.all([call(`Bearer ${SECRET}`), call(`Bearer ${SECRET}`)]);
  for (const answer of answers) {
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ failed: 0 });
  }
  expect(await unsealed()).toBe(0);
});
