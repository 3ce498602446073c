/**
 * Who acts in this request: the only thing that authentication hands to
 * authorization. It carries identity and never a permission (D5).
 */
export interface Principal {
  userId: string;
  email: string;
  name: string | null;
  organizationId: string;
  organizationName: string;
  session: {
    id: string;
    /** Authentication context class (OIDC Core §2). */
    acr: string;
    /** Authentication method references (RFC 8176). */
    amr: string[];
    authTime: Date;
    /** Whether the browser is spared the second factor (F21). */
    deviceTrusted: boolean;
  };
  /** Whether this user can prove a second factor. */
  secondFactorEnrolled: boolean;
  /** Whether the organization or a role asks this user for a second factor (F20). */
  mfaRequired: boolean;
  /** The same for administration. */
  adminMfaRequired: boolean;
  /** Whether the organization lets passwords expire and this user's has (F15). */
  passwordExpired: boolean;
  /** Changes whenever what this principal may do changes; the key of compiled abilities. */
  grantsVersion: string;
}
