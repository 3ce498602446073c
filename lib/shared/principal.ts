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
  organizationId: string;
  organizationName: string;
  /**
   * By what the request shows who acts. `session`: a cookie, or a token that our own sign-in gave
   * out. `app`: an access token that the user let a client have. `personal-token`: one of the
   * user's own, with nobody there who could prove anything. `service`: a client that acts for
   * itself, by roles of its own, and is no user at all.
   */
  means: "session" | "app" | "personal-token" | "service";
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
  /** Changes whenever what this principal may do changes; the key of the rules that are kept. */
  grantsVersion: string;
  /** When the database said all this, by its clock: the time of every decision in this request (D19). */
  asOf: Date;
}
