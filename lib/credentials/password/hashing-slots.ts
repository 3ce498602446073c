import "server-only";
import { availableParallelism } from "node:os";
import { processSingleton } from "@/lib/platform/process-singleton";

/** One hash holds 19 MiB and a thread: as many at once as there are cores (EXP-9). */
const SLOTS = Math.max(2, availableParallelism());
/** About two seconds of work; who comes later is told to try again. */
const QUEUE_LENGTH_MAX = 100;

/** The answer is 503 with Retry-After: hashing is saturated (ATK-59). */
export class HashingBusy extends Error {
  readonly retryAfterSeconds = 2;
  constructor() {
    super("too many passwords are being hashed");
    this.name = "HashingBusy";
  }
}

interface Slots {
  running: number;
  waiting: (() => void)[];
}

const slots = (): Slots => processSingleton("hashing-slots", () => ({ running: 0, waiting: [] }));

/**
 * Runs `work` when a slot is free, in order of arrival. Throws
 * {@link HashingBusy} at once when the queue is full, so that a flood costs
 * neither memory nor the people who are already signed in.
 */
export async function withHashingSlot<T>(work: () => Promise<T>): Promise<T> {
  const state = slots();
  if (state.running >= SLOTS) {
    if (state.waiting.length >= QUEUE_LENGTH_MAX) throw new HashingBusy();
    // The slot is handed over by whoever finishes, so `running` stays as it is.
    await new Promise<void>((resolve) => state.waiting.push(resolve));
  } else {
    state.running += 1;
  }
  try {
    return await work();
  } finally {
    const next = state.waiting.shift();
    if (next) next();
    else state.running -= 1;
  }
}
