import type { Domain } from "@/lib/domains/manage-domains";

/** What the last look has shown, as the second half of a sentence. */
export const FAILURES: Record<NonNullable<Domain["failure"]>, string> = {
  "no-record": "there is no such TXT record. A new one can take a while to be seen everywhere",
  "other-record": "the name has TXT records, but none says exactly this",
  unreachable: "the name servers of the domain did not answer",
  "verified-elsewhere": "another organization here has verified this domain",
};
