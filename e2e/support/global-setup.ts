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
