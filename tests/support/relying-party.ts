import { createHash, randomBytes } from "node:crypto";
import { answerConsent, findInteractionStep } from "@/lib/oidc/interactions";
import { getConfig } from "@/lib/platform/config";
import { sessionCookieName } from "@/lib/sessions/current-principal";
import { signInPath } from "@/lib/shared/return-to";
import { callerWith } from "@/tests/support/builders";

export const CALLBACK = "https://app.example/callback";

/** A browser at the authorization server: it keeps cookies and follows nobody to another site. */
export class Browser {
  readonly #cookies = new Map<string, string>();

  constructor(
    private readonly send: typeof fetch,
    private session: string | null,
  ) {}

  /** As after choosing another account in it: its cookies stay, but for that of the session. */
  use(session: string | null): void {
    this.session = session;
  }

  async get(url: string): Promise<Response> {
    const cookies = [...this.#cookies].map(([name, value]) => `${name}=${value}`);
    if (this.session !== null) cookies.push(`${sessionCookieName()}=${this.session}`);
    const response = await this.send(new URL(url, getConfig().origin), {
      headers: { cookie: cookies.join("; ") },
      redirect: "manual",
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ""] = cookie.split(";");
      const separator = pair.indexOf("=");
      this.#cookies.set(pair.slice(0, separator), pair.slice(separator + 1));
    }
    return response;
  }

  /**
   * Follows an authorization request to the client's address, answering what is
   * asked on the way as its user would. Returns where it ended: at the client,
   * or at what its user would have to do first.
   */
  async authorize(url: string, { allow = true } = {}): Promise<URL> {
    let here = new URL(url);
    for (let hop = 0; hop < 8; hop += 1) {
      if (here.origin !== getConfig().origin) return here;
      const uid = /^\/interaction\/([^/]+)$/.exec(here.pathname)?.[1];
      if (uid !== undefined) {
        const caller = this.session === null ? null : await callerWith(this.session);
        let next = await findInteractionStep(uid, caller);
        if (next.step === "consent" && caller !== null) {
          await answerConsent(caller, uid, allow);
          next = await findInteractionStep(uid, caller);
        }
        if (next.step === "sign-in") return new URL(signInPath(here.pathname, next.email), here);
        if (next.step !== "go-on") return new URL(`/${next.step}`, here);
        here = new URL(next.href, here);
        continue;
      }
      const response = await this.get(here.href);
      const location = response.headers.get("location");
      if (location === null) {
        return new URL(
          `/answered/${response.status}?body=${encodeURIComponent(await response.text())}`,
          here,
        );
      }
      here = new URL(location, here);
    }
    throw new Error("the authorization request goes round in circles");
  }
}

export interface Pkce {
  verifier: string;
  challenge: string;
}

export function aPkce(): Pkce {
  const verifier = randomBytes(32).toString("base64url");
  return { verifier, challenge: createHash("sha256").update(verifier).digest("base64url") };
}

/** The address of an authorization request; null leaves a parameter out. */
export function authorizationUrl(
  clientId: string,
  { challenge }: Pkce,
  parameters: Record<string, string | null> = {},
): string {
  const url = new URL(`${getConfig().origin}/oidc/auth`);
  const all: Record<string, string | null> = {
    client_id: clientId,
    response_type: "code",
    redirect_uri: CALLBACK,
    scope: "openid",
    state: "a-state",
    code_challenge: challenge,
    code_challenge_method: "S256",
    ...parameters,
  };
  for (const [name, value] of Object.entries(all)) {
    if (value !== null) url.searchParams.set(name, value);
  }
  return url.href;
}
