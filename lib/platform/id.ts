import "server-only";
import "#node-only";
import { createHash } from "node:crypto";
import { v7 } from "uuid";

/** A UUIDv7 (RFC 9562 §5.7): sorts by creation, so lists page on it. Never a secret. */
export const newId = (): string => v7();

/** The same UUIDv7 for the same moment and name: whoever comes second finds what the first one wrote. */
export const idOf = (at: Date, name: string): string =>
  v7({ msecs: at.getTime(), random: createHash("sha256").update(name).digest().subarray(0, 16) });
