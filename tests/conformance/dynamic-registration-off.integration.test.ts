import { expect, test } from "vitest";
import { createInitialToken } from "@/lib/oidc/initial-tokens";
import { getConfig } from "@/lib/platform/config";
import { serveMachinePaths } from "@/tests/support/authorization-server";
import { aRequest } from "@/tests/support/builders";

const send = serveMachinePaths();

test("without the setting there is no registration, and nothing of it is advertised (F60)", async () => {
  const answer = await send(`${getConfig().origin}/oidc/.well-known/openid-configuration`);
  expect(await answer.json()).not.toHaveProperty("registration_endpoint");
  const made = await createInitialToken({ name: "early" }, { type: "system" }, aRequest());
  const refused = await send(`${getConfig().origin}/oidc/reg`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${made.outcome === "created" ? made.token : ""}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ redirect_uris: ["https://app.example/callback"] }),
  });
  expect(refused.status).toBe(404);
});
