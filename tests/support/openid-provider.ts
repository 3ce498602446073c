import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Configuration, Provider } from "oidc-provider";

export const CLIENT = { id: "gatehouse", secret: "a-client-secret-that-only-tests-use" };

export interface OpenidProvider {
  issuer: string;
  /** Changes where browsers are sent back to; null for the provider's own word. */
  tamper: ((callback: URL) => void) | null;
  stop: () => Promise<void>;
}

/** An OpenID provider that nobody here wrote. Whoever names themselves signs in, with any password. */
export async function startOpenidProvider(
  redirectUris: string[],
  configuration: Configuration = {},
): Promise<OpenidProvider> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: redirectUris,
        grant_types: ["authorization_code"],
        response_types: ["code"],
      },
    ],
    cookies: { keys: ["only-for-tests"] },
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    pkce: { required: () => true },
    findAccount: (_context, sub) => ({
      accountId: sub,
      claims: () => ({
        sub,
        email: `${sub}@example.com`,
        email_verified: true,
        name: `Dr. ${sub}`,
      }),
    }),
    ...configuration,
  });
  const started: OpenidProvider = {
    issuer,
    tamper: null,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  const answer = provider.callback();
  server.on("request", (request, response) => {
    const setHeader = response.setHeader.bind(response);
    response.setHeader = (name, value) => {
      const isCallback =
        name.toLowerCase() === "location" &&
        redirectUris.some((uri) => String(value).startsWith(uri));
      if (!isCallback || started.tamper === null) return setHeader(name, value);
      const callback = new URL(String(value));
      started.tamper(callback);
      return setHeader(name, callback.href);
    };
    void answer(request, response);
  });
  return started;
}
