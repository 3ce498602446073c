import "server-only";
import { Resolver } from "node:dns/promises";

export type TxtAnswer =
  | { outcome: "found"; records: string[] }
  /** There is no such name, or it has no such record. */
  | { outcome: "none" }
  /** Nobody knows: no server answered in time, or it answered with an error. */
  | { outcome: "unreachable" };

/** Where TXT records are looked up. What is asked of it is never more than one name. */
export interface TxtResolver {
  txt(name: string): Promise<TxtAnswer>;
}

const TIMEOUT_MS = 3_000;
const TRIES = 2;
/** A name with more or longer records is somebody's joke. */
const RECORDS_MAX = 100;
const LENGTH_MAX = 1_000;

const NONE = new Set(["ENOTFOUND", "ENODATA"]);

/** Asks these servers, or those that the machine is set up with. */
export const resolverOf = (servers: string[] | null): TxtResolver => ({
  async txt(name) {
    // One for each question: a resolver keeps what it was asked, and is cancelled as a whole.
    const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES });
    if (servers !== null) resolver.setServers(servers);
    try {
      const records = await resolver.resolveTxt(name);
      // A record is cut into strings of 255 bytes, which belong together (RFC 7208 §3.3).
      const texts = records.slice(0, RECORDS_MAX).map((parts) => parts.join(""));
      return { outcome: "found", records: texts.map((text) => text.slice(0, LENGTH_MAX)) };
    } catch (error) {
      const code = (error as { code?: unknown }).code;
      return { outcome: NONE.has(String(code)) ? "none" : "unreachable" };
    }
  },
});

export const systemResolver = resolverOf(null);
