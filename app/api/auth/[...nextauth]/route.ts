import { NextRequest } from "next/server";
import { handlers } from "@/lib/authn/auth-js";
import { listSocialProviders } from "@/lib/federation/providers";
import { getConfig } from "@/lib/platform/config";

// Only the way back from an identity provider. Everything else of Auth.js is
// reached through server actions, so none of its endpoints is open (ATK-14).
const isCallback = (path: string): boolean =>
  listSocialProviders().some(({ id }) => path === `/api/auth/callback/${id}`);

/** Receives the browser back from Google or GitHub. */
export async function GET(request: NextRequest): Promise<Response> {
  const { pathname, search } = request.nextUrl;
  if (!isCallback(pathname)) return new Response(null, { status: 404 });
  // The redirect URI is compared upstream: it is built from APP_URL, never from Host (ATK-36).
  const own = new NextRequest(new URL(`${pathname}${search}`, getConfig().appUrl), request);
  return handlers.GET(own);
}
