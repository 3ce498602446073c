import "server-only";
import { findImaginedUser, findMember } from "@/lib/decisions/subject-store";
import { newId } from "@/lib/platform/id";
import { findServicePrincipal } from "@/lib/service-accounts/find-service-principal";
import { type PrincipalRow, principalFrom } from "@/lib/sessions/principal-row";
import type { Caller } from "@/lib/shared/caller";
import { Email } from "@/lib/shared/email.schema";
import { isId } from "@/lib/shared/id.schema";
import type { Principal } from "@/lib/shared/principal";

/** Who a question is about. A user is named by id or by email address. */
export interface SubjectRef {
  type: "user" | "service";
  id: string;
}

/** What the request would be like that the question is about; what is not known counts against it. */
export interface Circumstances {
  /** Null is now, by the database's clock. */
  at: Date | null;
  ip: string | null;
  /** Of a user; a service account always comes as one. */
  means: Exclude<Principal["means"], "service">;
  /** Empty while it is not known how they have proven who they are. */
  acr: string;
  /** Null while it is not known when. */
  authTime: Date | null;
}

/** Somebody signed in, of whom nothing else is known. */
export const UNKNOWN_CIRCUMSTANCES: Circumstances = {
  at: null,
  ip: null,
  means: "app",
  acr: "",
  authTime: null,
};

export interface Subject {
  type: SubjectRef["type"];
  id: string;
  /** The email address, or the name of the client. */
  label: string;
}

export type Imagined =
  | { outcome: "found"; caller: Caller; subject: Subject }
  | { outcome: "unknown" }
  /** There is such a user, who cannot sign in. */
  | { outcome: "inactive"; subject: Subject };

const requestFrom = (ip: string | null): Caller["request"] => {
  const id = newId();
  return { requestId: id, decisionId: id, ip, userAgent: null };
};

/** The caller that a request of this user would have, in these circumstances. */
export function callerFrom(row: PrincipalRow, circumstances: Circumstances): Caller {
  const { at, ip, means, authTime } = circumstances;
  const principal: Principal = {
    ...principalFrom(row),
    means,
    clientId: null,
    session: {
      id: row.userId,
      acr: row.acr,
      amr: [],
      authTime: authTime ?? new Date(0),
      deviceTrusted: false,
      idleBeyondSeconds: null,
    },
    asOf: at ?? row.asOf,
  };
  return { principal, request: requestFrom(ip) };
}

/** The same of a client that acts for itself in this organization; null for any other. */
export async function imagineService(
  clientId: string,
  organizationId: string,
  { at, ip }: Pick<Circumstances, "at" | "ip">,
): Promise<Caller | null> {
  const principal = isId(clientId) ? await findServicePrincipal(clientId) : null;
  if (principal?.organizationId !== organizationId) return null;
  return { principal: { ...principal, asOf: at ?? principal.asOf }, request: requestFrom(ip) };
}

/** Whoever is asked about, as the caller of a request that nobody makes: within one organization (ATK-43). */
export async function imagineCaller(
  { type, id }: SubjectRef,
  organizationId: string,
  circumstances: Circumstances,
): Promise<Imagined> {
  if (type === "service") {
    const caller = await imagineService(id, organizationId, circumstances);
    if (caller === null) return { outcome: "unknown" };
    const { userId, name } = caller.principal;
    return { outcome: "found", caller, subject: { type, id: userId, label: name ?? userId } };
  }
  const by = memberBy(id);
  const member = by && (await findMember(by, organizationId));
  if (member === null) return { outcome: "unknown" };
  const subject = { type, id: member.id, label: member.email } as const;
  const row = await findImaginedUser(member.id, organizationId, circumstances.acr);
  if (row === null) return { outcome: "inactive", subject };
  return { outcome: "found", caller: callerFrom(row, circumstances), subject };
}

function memberBy(text: string): { id: string } | { email: string } | null {
  if (isId(text)) return { id: text.toLowerCase() };
  const email = Email.safeParse(text);
  return email.success ? { email: email.data } : null;
}
