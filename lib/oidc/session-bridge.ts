import "server-only";
import { errors, type KoaContextWithOIDC, type Provider } from "oidc-provider";
import {
  type Authorizations,
  findAuthorizations,
  mergeAuthorizations,
} from "@/lib/oidc/oidc-session-store";
import { factsFromHeaders } from "@/lib/platform/http/lane";
import {
  findPrincipal,
  findUserOfSession,
  sessionCookieName,
} from "@/lib/sessions/current-principal";
import { isWithinRanges } from "@/lib/shared/address-range";
import { holdOf } from "@/lib/shared/assurance";
import { seconds } from "@/lib/shared/duration";
import { isId } from "@/lib/shared/id.schema";

/** The engine wants a session to have an end; ours is judged by its row at every use. */
const NOMINAL_LIFETIME_SECONDS = seconds(3600);

type EngineSession = InstanceType<Provider["Session"]>;
type Instantiable = { instantiate(payload?: object): EngineSession };

/**
 * The engine's session is Gatehouse's: the same cookie, the same row, the same
 * end. Whoever is signed out there, disabled, held back by a rule, or in a network that is not allowed is nobody
 * here, so that `prompt=none` never outlives a sign-out.
 */
export function bridgeSessions(provider: Provider): void {
  const Session = provider.Session as unknown as Instantiable & Record<string, unknown>;
  const open = (payload: ReturnType<typeof payloadOf>): EngineSession => {
    const loaded = JSON.stringify(payload.authorizations);
    return Object.defineProperty(Session.instantiate(payload), "loaded", { value: loaded });
  };

  Session["get"] = async (ctx: KoaContextWithOIDC): Promise<EngineSession> => {
    const principal = await findPrincipal(ctx.cookies.get(sessionCookieName(), { signed: false }));
    const { ip } = factsFromHeaders((name) => ctx.get(name) || null);
    const session =
      principal === null || holdOf(principal) !== null || !isWithinRanges(ip, principal.networks)
        ? Session.instantiate()
        : open(
            payloadOf(
              principal.session.id,
              principal.userId,
              await findAuthorizations(principal.session.id),
              principal.session,
            ),
          );
    await refuseSomebodyElse(provider, ctx, session);
    ctx.oidc.entity("Session", session);
    return session;
  };

  Session["findByUid"] = async (sessionId: string): Promise<EngineSession | undefined> => {
    if (!isId(sessionId)) return undefined;
    const [userId, authorizations] = await Promise.all([
      findUserOfSession(sessionId),
      findAuthorizations(sessionId),
    ]);
    return userId === null ? undefined : open(payloadOf(sessionId, userId, authorizations));
  };

  Object.assign(provider.Session.prototype, {
    // The secret of our cookie is replaced by whatever raises the session, and by nothing here.
    resetIdentifier() {},
    async save(this: EngineSession & { loaded?: string; touched?: boolean }): Promise<void> {
      if (this.accountId === undefined) return;
      // It is asked for again when the answer has been sent.
      this.touched = false;
      const { authorizations = {} } = this;
      const known = JSON.parse(this.loaded ?? "{}") as Authorizations;
      // Only what this request changed: another one may have changed the rest meanwhile.
      const changed = Object.entries(authorizations).filter(
        ([client, now]) => JSON.stringify(now) !== JSON.stringify(known[client]),
      );
      if (changed.length === 0) return;
      if (!(await mergeAuthorizations(this.uid, Object.fromEntries(changed)))) {
        throw new errors.LoginRequired("the session has ended meanwhile");
      }
    },
    async persist(this: EngineSession & { save(): Promise<void> }): Promise<void> {
      await this.save();
    },
    // Who is signed in is said by the cookie of this very request, never by the
    // interaction that it resumes: that may have been finished in another browser.
    loginAccount(
      this: EngineSession,
      { accountId, loginTs = 0 }: { accountId: string; loginTs?: number },
    ): void {
      // Nor has another session of theirs proven anything for this one.
      if (this.accountId !== accountId || (this.loginTs ?? 0) < loginTs) {
        throw new errors.AccessDenied("somebody else is signed in in this browser");
      }
    },
  });
}

/**
 * An interaction that somebody has answered is resumed by nobody else. The engine
 * itself would sign out whoever is here now.
 */
async function refuseSomebodyElse(
  provider: Provider,
  ctx: KoaContextWithOIDC,
  session: EngineSession,
): Promise<void> {
  if (ctx.oidc.route !== "resume" || session.accountId === undefined) return;
  const { uid } = ctx.params as { uid?: string };
  const interaction = uid === undefined ? undefined : await provider.Interaction.find(uid);
  const answeredBy = interaction?.result?.login?.accountId;
  if (answeredBy !== undefined && answeredBy !== session.accountId) {
    throw new errors.SessionNotFound("somebody else is signed in in this browser");
  }
}

function payloadOf(
  sessionId: string,
  userId: string,
  authorizations: object,
  assurance?: { acr: string; amr: string[]; authTime: Date },
) {
  const now = Math.floor(Date.now() / 1000);
  return {
    kind: "Session",
    jti: sessionId,
    uid: sessionId,
    accountId: userId,
    authorizations,
    iat: now,
    exp: now + NOMINAL_LIFETIME_SECONDS,
    ...(assurance && {
      acr: assurance.acr,
      amr: assurance.amr,
      loginTs: Math.floor(assurance.authTime.getTime() / 1000),
    }),
  };
}
