import "server-only";
import type { GuardRejection } from "@/lib/authz/guarded-change";
import type { Db } from "@/lib/platform/db/client";

/**
 * Looks at a change from within its transaction, which is rolled back then: the very change that a
 * save would make, so that a preview and a save cannot differ.
 *
 * A use case is previewed by handing the probe that `previewImpact` gives to `inGuardedChange`, or to
 * `inProbedChange` where it has no guard, as its last argument. Its terms are the place for it to
 * travel in. One that hands it nowhere cannot be previewed, and `previewImpact` says so.
 */
export interface Probe {
  before(tx: Db): Promise<void>;
  /** `foretold` is what the guard would answer the save with. */
  after(tx: Db, foretold: GuardRejection | null): Promise<void>;
}
