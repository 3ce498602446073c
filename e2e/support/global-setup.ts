import { startIdentityProvider } from "../../tests/support/identity-provider";
import { announce } from "./environment";
import { startGatehouse } from "./gatehouse";
import { startSmsGateway } from "./sms-gateway";

/** One Gatehouse for all stories, with an identity provider and an SMS gateway; returns what ends them. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const identityProvider = await startIdentityProvider();
  const smsGateway = await startSmsGateway();
  const gatehouse = await startGatehouse("stories", {
    environment: { ...identityProvider.environment, ...smsGateway.environment },
    // Every story on several programs that answer in turn: `GATEHOUSE_TEST_INSTANCES=2 npm test -- --e2e` (FLT-20).
    instances: Number(process.env["GATEHOUSE_TEST_INSTANCES"] ?? "1"),
  });
  announce({
    url: gatehouse.url,
    databaseUrl: gatehouse.databaseUrl,
    identityProviderUrl: identityProvider.url,
  });
  return async () => {
    await gatehouse.stop();
    await identityProvider.stop();
    await smsGateway.stop();
  };
}
