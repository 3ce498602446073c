import { expect, test } from "vitest";
import { getConfig } from "@/lib/platform/config";
import { serveMachinePaths } from "@/tests/support/authorization-server";
import { serveDocuments } from "@/tests/support/document-server";
import { aPkce, authorizationUrl, Browser } from "@/tests/support/relying-party";

const send = serveMachinePaths();
const documents = serveDocuments({ secure: true });

test("without the setting no document is asked for, and nothing of it is advertised (F69)", async () => {
  const answer = await send(`${getConfig().origin}/oidc/.well-known/openid-configuration`);
  expect(await answer.json()).not.toHaveProperty("client_id_metadata_document_supported");
  documents.put("/client.json", { client_id: documents.url("/client.json") });
  const end = await new Browser(send, null).authorize(
    authorizationUrl(documents.url("/client.json"), aPkce()),
  );
  expect(end.pathname).toBe("/answered/400");
  expect(documents.asked("/client.json")).toBe(0);
});
