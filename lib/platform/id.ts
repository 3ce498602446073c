import "server-only";
import { v7 } from "uuid";

/** A UUIDv7 (RFC 9562 §5.7): sorts by creation, so lists page on it. Never a secret. */
export const newId = (): string => v7();
