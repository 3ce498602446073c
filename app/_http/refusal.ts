import "server-only";
import { headers } from "next/headers";
import { AccessDenied } from "@/lib/authz/authorize";
import { RefusedAtGate } from "@/lib/authz/refuse-at-gate";

/** What the 403 page tells of. */
export type Denial = AccessDenied | RefusedAtGate;

export const isDenial = (error: unknown): error is Denial =>
  error instanceof AccessDenied || error instanceof RefusedAtGate;

interface Watched {
  denial: Denial | null;
  /** Guards and use cases of this request that have not answered yet. */
  open: number;
}

// Next renders the 403 page beside the page that it may take the place of, and so before anything
// is decided. By the request's headers it finds out what came of that.
const requests = new WeakMap<object, Watched>();

async function watchedRequest(): Promise<Watched> {
  const request = await headers();
  const known = requests.get(request);
  if (known) return known;
  const made = { denial: null, open: 0 };
  requests.set(request, made);
  return made;
}

/** Runs what may be refused, so that the 403 page can wait for it. */
export async function watchDenial<T>(work: () => Promise<T>): Promise<T> {
  const watched = await watchedRequest();
  watched.open += 1;
  try {
    return await work();
  } catch (error) {
    if (isDenial(error)) watched.denial ??= error;
    throw error;
  } finally {
    watched.open -= 1;
  }
}

/** Turns of the event loop without anything open, after which nothing more is expected. */
const QUIET_TURNS = 5;

/**
 * The refusal of this request, once there is one; null when everything that was asked has been
 * answered without. It waits no longer than the page itself does.
 */
export async function denialOfRequest(): Promise<Denial | null> {
  const watched = await watchedRequest();
  for (let quiet = 0; watched.denial === null && quiet < QUIET_TURNS; ) {
    await new Promise((resolve) => {
      setTimeout(resolve, 1);
    });
    quiet = watched.open > 0 ? 0 : quiet + 1;
  }
  return watched.denial;
}
