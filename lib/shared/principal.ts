import type { Locale } from "@/lib/shared/locale";

/** Who acts in the user's place, in a session that was opened for that (F101). */
export interface Impersonation {
  userId: string;
  email: string;
  name: string | null;
  /** Their own session, which this one ends with. */
  sessionId: string;
  reason: string;
  /** When it is over at the latest. */
  until: Date;
}

/**
 * The one organization of which somebody's own pages tell while somebody else acts as them: theirs.
 * Nothing said, they tell of all that the user is in (ATK-43).
 */
export const onlyPlaceOf = ({
  act,
  organizationId,
}: Pick<Principal, "act" | "organizationId">): { organizationId?: string } =>
  act === undefined ? {} : { organizationId };

/**
 * Who acts in this request: the only thing that authentication hands to
 * authorization. It carries identity and never a permission (D5).
 */
export interface Principal {
  /** The user's id; of a service account its client's, which is never a user's (BCP-19). */
  userId: string;
  /** Empty for a service account, which nothing is mailed to. */
  email: string;
  name: string | null;
  /** The language and the time zone (IANA) that the user has set; null where they have not. */
  locale: Locale | null;
  timeZone: string | null;
  organizationId: string;
  organizationName: string;
  /**
   * By what the request shows who acts. `session`: a cookie, or a token that our own sign-in gave
   * out. `app`: an access token that the user let a client have. `personal-token`: one of the
   * user's own, with nobody there who could prove anything. `service`: a client that acts for
   * itself, by roles of its own, and is no user at all.
   */
  means: "session" | "app" | "personal-token" | "service";
  /** Who acts as the user, where it is not they themselves (RFC 8693 §4.1); left out, they do. */
  act?: Impersonation;
  /** The client that has the token, where an app acts for its user; else null. */
  clientId: string | null;
  session: {
    /** Of the session; else of the personal access token, or the client, in its place. */
    id: string;
    /** Authentication context class (OIDC Core §2). */
    acr: string;
    /** Authentication method references (RFC 8176). */
    amr: string[];
    authTime: Date;
    /** Whether the browser is spared the second factor (F21). */
    deviceTrusted: boolean;
    /** How long the organization lets it lie unused, where that is over; else null (NIST-16). */
    idleBeyondSeconds: number | null;
  };
  /** Ranges of addresses that the organization is used from; empty for any (F86). */
  networks: readonly string[];
  /** Whether this user can prove a second factor. */
  secondFactorEnrolled: boolean;
  /** Whether the organization or a role asks this user for a second factor (F20). */
  mfaRequired: boolean;
  /** The same for administration. */
  adminMfaRequired: boolean;
  /** Whether the organization lets passwords expire and this user's has (F15). */
  passwordExpired: boolean;
  /** From when on the account is to be erased; else null (F109). */
  deletionDueAt: Date | null;
  /** Whether there are terms in force that this user has not accepted, as far as their session shows (F115). */
  termsPending: boolean;
  /** Whether the organization is opened only through connections of its own, and this is none such (F86). */
  singleSignOnMissing: boolean;
  /** Changes whenever what this principal may do changes; the key of the rules that are kept. */
  grantsVersion: string;
  /** When the database said all this, by its clock: the time of every decision in this request (D19). */
  asOf: Date;
}
