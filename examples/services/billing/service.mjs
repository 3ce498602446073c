import { createServer } from "node:http";
import { createGuard } from "@gatehouse/guard";
import { withAccess } from "@gatehouse/guard/node";
import { answer } from "../answer.mjs";

/**
 * A service behind the gateway that tells what somebody owes, to them or to who acts for them. The proxy
 * in front says who that is, and the service believes only what Gatehouse has signed for it, for this very
 * request, a minute ago at most.
 * @param {import("../terms.mjs").Terms} terms
 */
export function billingService({ issuer, audience, jwksUri }) {
  const guard = createGuard({
    issuer,
    assertions: { audience },
    ...(jwksUri && { keys: { uri: jwksUri } }),
  });
  const tellBalance = withAccess(guard, {}, (_request, response, { subject, clientId }) =>
    answer(response, 200, { service: "billing", owes: 0, user: subject, by: clientId ?? null }),
  );
  return createServer((request, response) => {
    tellBalance(request, response).catch(() => answer(response, 500, { error: "this failed" }));
  });
}

if (import.meta.main) {
  const {
    PORT = "4002",
    ISSUER = "http://localhost:3000/oidc",
    AUDIENCE = "urn:example:billing",
  } = process.env;
  billingService({ issuer: ISSUER, audience: AUDIENCE }).listen(Number(PORT), "127.0.0.1");
}
