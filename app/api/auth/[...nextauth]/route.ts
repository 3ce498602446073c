import { NextRequest } from "next/server";
import { handlers } from "@/lib/authn/auth-js";
import { listSocialProviders } from "@/lib/federation/providers";
import { recordRefusedCallback } from "@/lib/federation/record-refused-callback";
import { IDENTITY_REJECTIONS } from "@/lib/federation/sign-in-with-identity";
import { getConfig } from "@/lib/platform/config";
import { factsFromHeaders } from "@/lib/platform/http/lane";

// Only the way back from an identity provider. Everything else of Auth.js is
// reached through server actions, so none of its endpoints is open (ATK-14).
const callbackProvider = (path: string): string | undefined =>
  listSocialProviders().find(({ id }) => path === `/api/auth/callback/${id}`)?.id;

/** True when Auth.js sent the browser back for a reason of its own, which our rules never saw. */
function isRefusedByLibrary(answer: Response): boolean {
  const target = new URL(answer.headers.get("location") ?? "/", getConfig().appUrl);
  const error = target.pathname === "/sign-in" ? target.searchParams.get("error") : null;
  return error !== null && !IDENTITY_REJECTIONS.some((reason) => reason === error);
}

/** Receives the browser back from Google or GitHub. */
export async function GET(request: NextRequest): Promise<Response> {
  const { pathname, search } = request.nextUrl;
  const provider = callbackProvider(pathname);
  if (provider === undefined) return new Response(null, { status: 404 });
  // The redirect URI is compared upstream: it is built from APP_URL, never from Host (ATK-36).
  const own = new NextRequest(new URL(`${pathname}${search}`, getConfig().appUrl), request);
  const answer = await handlers.GET(own);
  if (isRefusedByLibrary(answer)) {
    await recordRefusedCallback(
      provider,
      factsFromHeaders((name) => request.headers.get(name)),
    );
  }
  return answer;
}
