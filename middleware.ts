import { type NextRequest, NextResponse } from "next/server";
import { contentSecurityPolicy, SECURITY_HEADERS } from "@/lib/edge/security-headers";
import { needsSignIn } from "@/lib/edge/sign-in-redirect";
import { signInPath } from "@/lib/shared/return-to";

/**
 * User experience and headers, never authorization: with this file removed,
 * every page, action and handler refuses exactly as before (D2, ATK-01).
 */
export function middleware(request: NextRequest): NextResponse {
  const { pathname, search } = request.nextUrl;
  if (needsSignIn(pathname, (name) => request.cookies.has(name))) {
    const target = new URL(signInPath(`${pathname}${search}`), request.url);
    return new NextResponse(null, {
      status: 307,
      headers: {
        ...SECURITY_HEADERS,
        // Absolute, as Next demands of middleware; it writes the path alone for our own host.
        location: target.href,
        "cache-control": "no-store",
      },
    });
  }

  const nonce = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
  const policy = contentSecurityPolicy(nonce, {
    development: process.env.NODE_ENV === "development",
  });
  const headers = new Headers(request.headers);
  // Set, not appended: a client's own header must not choose the nonce (ATK-04).
  headers.set("x-nonce", nonce);
  headers.set("content-security-policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.headers.set(name, value);
  return response;
}

export const config = {
  // Machine paths, assets and what the page of mails frames have their own headers (D2).
  matcher: ["/((?!_next/|api/|dev/mail/|oidc/|scim/|access/|icon.svg|favicon.ico).*)"],
};
