/** Whom a service believes. */
export interface Terms {
  issuer: string;
  /** The one that the gateway's rules name for this service. */
  audience: string;
  /** Where the keys are fetched, when that is not below the issuer. */
  jwksUri?: string;
}
