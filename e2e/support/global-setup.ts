import { startIdentityProvider } from "../../tests/support/identity-provider";
import { announce } from "./environment";
import { startGatehouse } from "./gatehouse";

/** One Gatehouse and one upstream identity provider for all stories; returns what ends both. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const identityProvider = await startIdentityProvider();
  const gatehouse = await startGatehouse("stories", { environment: identityProvider.environment });
  announce({
    url: gatehouse.url,
    databaseUrl: gatehouse.databaseUrl,
    identityProviderUrl: identityProvider.url,
  });
  return async () => {
    await gatehouse.stop();
    await identityProvider.stop();
  };
}
