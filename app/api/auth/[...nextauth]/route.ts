import { NextRequest } from "next/server";
import { findCaller } from "@/app/_http/caller";
import { testPath } from "@/app/admin/connections/address";
import { handlers } from "@/lib/authn/auth-js";
import { linkCookieName } from "@/lib/authn/link-cookie";
import { finishTest } from "@/lib/federation/doctor/test-connection";
import { findProvider } from "@/lib/federation/providers";
import { recordRefusedCallback } from "@/lib/federation/record-refused-callback";
import { IDENTITY_REJECTIONS } from "@/lib/federation/sign-in-with-identity";
import { getConfig } from "@/lib/platform/config";
import { factsFromHeaders } from "@/lib/platform/http/lane";

// Only the way back from an identity provider. Everything else of Auth.js is
// reached through server actions, so none of its endpoints is open (ATK-14).
const CALLBACK = /^\/api\/auth\/callback\/([a-z][a-z0-9-]{1,39})$/;

/** True for somebody who went to a provider while it was there, and comes back to find it gone (ATK-16). */
const isOnTheWay = ({ searchParams }: URL): boolean =>
  searchParams.has("state") && (searchParams.has("code") || searchParams.has("error"));

/** True when Auth.js sent the browser back for a reason of its own, which our rules never saw. */
function isRefusedByLibrary(answer: Response): boolean {
  const target = new URL(answer.headers.get("location") ?? "/", getConfig().appUrl);
  const error = target.pathname === "/sign-in" ? target.searchParams.get("error") : null;
  return error !== null && !IDENTITY_REJECTIONS.some((reason) => reason === error);
}

/** Whoever was connecting an identity is signed in, and has no business on the sign-in page. */
function backToSecurity(answer: Response): Response {
  const headers = new Headers(answer.headers);
  headers.set("location", new URL("/account/security?connected=failed", getConfig().appUrl).href);
  return new Response(null, { status: answer.status, headers });
}

/** Receives the browser back from a provider. */
export async function GET(request: NextRequest): Promise<Response> {
  const { pathname, search } = request.nextUrl;
  const provider = CALLBACK.exec(pathname)?.[1];
  if (provider === undefined) return new Response(null, { status: 404 });
  const test = await finishTest(await findCaller(), provider, request.nextUrl.searchParams);
  if (test !== null) {
    const result = testPath(test.connectionId, test.testId);
    return Response.redirect(new URL(result, getConfig().appUrl), 303);
  }
  if ((await findProvider(provider)) === null) {
    if (!isOnTheWay(request.nextUrl)) return new Response(null, { status: 404 });
    await recordRefusedCallback(
      provider,
      factsFromHeaders((name) => request.headers.get(name)),
    );
    return Response.redirect(new URL("/sign-in?error=provider-off", getConfig().appUrl), 303);
  }
  // The redirect URI is compared upstream: it is built from APP_URL, never from Host (ATK-36).
  const own = new NextRequest(new URL(`${pathname}${search}`, getConfig().appUrl), request);
  const answer = await handlers.GET(own);
  if (isRefusedByLibrary(answer)) {
    await recordRefusedCallback(
      provider,
      factsFromHeaders((name) => request.headers.get(name)),
    );
    if (request.cookies.has(linkCookieName())) return backToSecurity(answer);
  }
  return answer;
}
