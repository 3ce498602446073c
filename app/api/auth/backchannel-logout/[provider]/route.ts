import { logOutByBackChannel } from "@/lib/authn/back-channel-logout";
import { isUnavailable } from "@/lib/platform/db/errors";
import { emptyReply, jsonReply, type Reply } from "@/lib/platform/http/reply";
import { BodyTooLarge, type HttpRequest } from "@/lib/platform/http/request";
import { answerWebRequest } from "@/lib/platform/http/web-mount";

const BODY_BYTES_MAX = 20_000;

// §2.8 asks for exactly this value.
const NO_STORE = { "cache-control": "no-store" };

/** OIDC Back-Channel Logout 1.0 §2.8. */
const refuse = (status: number, description: string, headers: Reply["headers"] = {}): Reply =>
  jsonReply(
    status,
    { error: "invalid_request", error_description: description },
    { ...NO_STORE, ...headers },
  );

async function tokenOf(request: HttpRequest): Promise<string | null> {
  const type = request.header("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/x-www-form-urlencoded") return null;
  try {
    const form = new URLSearchParams(await request.text(BODY_BYTES_MAX));
    const [token, ...others] = form.getAll("logout_token");
    return token !== undefined && others.length === 0 ? token : null;
  } catch (error) {
    if (error instanceof BodyTooLarge) return null;
    throw error;
  }
}

async function answer(provider: string, request: HttpRequest): Promise<Reply> {
  const token = await tokenOf(request);
  if (token === null) return refuse(400, "a form with one logout_token is needed");
  try {
    const result = await logOutByBackChannel(provider, token, request.facts);
    if (result.outcome === "ended") return emptyReply(200, NO_STORE);
    if (result.outcome === "rejected") return refuse(400, "the logout token is not valid");
    return refuse(429, "too many requests", { "retry-after": String(result.retryAfterSeconds) });
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return refuse(503, "try again later");
  }
}

/**
 * A provider says that somebody signed out there. It comes from no browser, so
 * there is no cookie and no Origin to judge: the signature is all that counts.
 */
export async function POST(
  request: Request,
  { params }: { params: Promise<{ provider: string }> },
): Promise<Response> {
  const { provider } = await params;
  return answerWebRequest(request, (incoming) => answer(provider, incoming));
}
