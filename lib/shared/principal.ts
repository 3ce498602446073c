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
  };
  /** Changes whenever what this principal may do changes; the key of compiled abilities. */
  grantsVersion: string;
}
