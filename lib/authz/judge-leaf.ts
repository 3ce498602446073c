import "server-only";
import ipaddr from "ipaddr.js";
import type { Leaf } from "@/lib/authz/condition.schema";
import type { Facts } from "@/lib/authz/facts";
import { normaliseAddress } from "@/lib/platform/http/client-address";
import { isAssured } from "@/lib/shared/assurance";
import { WEEKDAYS, type Weekday } from "@/lib/shared/weekday";

/** A condition about who asks or about the request. */
export type FactLeaf = Exclude<Leaf, { kind: "own" | "field" }>;

export const isFactLeaf = (leaf: Leaf): leaf is FactLeaf =>
  leaf.kind !== "own" && leaf.kind !== "field";

/** Whether the facts meet it; null for facts that are not known. What is null is never met (FLT-26). */
export function judgeLeaf(leaf: FactLeaf, { principal, context }: Facts): boolean | null {
  switch (leaf.kind) {
    case "user":
      return leaf.ids.includes(principal.id);
    case "role":
      return leaf.ids.some((id) => principal.roleIds.includes(id));
    case "team":
      return leaf.ids.some((id) => principal.teamIds.includes(id));
    case "email-domain": {
      const domain = principal.email.split("@").at(-1);
      return principal.email === "" || domain === undefined ? null : leaf.domains.includes(domain);
    }
    case "means":
      return leaf.oneOf.includes(context.means);
    case "hours":
      return isWithinHours(leaf, new Date(context.at));
    case "network":
      return isWithinRanges(context, leaf.ranges);
    case "assurance":
      // A service account has proven nothing, and nothing can be known of it.
      if (context.acr === "") return null;
      return isAssured(
        { acr: context.acr, authTime: new Date(context.authTime) },
        {
          ...(leaf.acr === undefined ? {} : { acr: leaf.acr }),
          ...(leaf.maxAgeSeconds === undefined ? {} : { maxAge: leaf.maxAgeSeconds }),
        },
        new Date(context.at),
      );
  }
}

/** What was looked at, for people who ask why. */
export function actualOf(leaf: FactLeaf, { principal, context }: Facts): unknown {
  switch (leaf.kind) {
    case "user":
      return principal.id;
    case "role":
      return principal.roleIds;
    case "team":
      return principal.teamIds;
    case "email-domain":
      return principal.email.split("@").at(-1) ?? "";
    case "means":
      return context.means;
    case "hours": {
      const { day, minute } = wallClock(leaf.timeZone, new Date(context.at));
      const hour = String(Math.floor(minute / 60)).padStart(2, "0");
      return `${day} ${hour}:${String(minute % 60).padStart(2, "0")}`;
    }
    case "network":
      return context.ip;
    case "assurance":
      return { acr: context.acr, authTime: context.authTime };
  }
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  clocks.set(timeZone, made);
  return made;
}

interface WallClock {
  day: Weekday;
  minute: number;
}

/** The last reading of each clock: all hours of one request are judged at one time. */
const readings = new Map<string, { at: number; read: WallClock }>();

function wallClock(timeZone: string, at: Date): WallClock {
  const last = readings.get(timeZone);
  if (last?.at === at.getTime()) return last.read;
  const read = readClock(timeZone, at);
  readings.set(timeZone, { at: at.getTime(), read });
  return read;
}

function readClock(timeZone: string, at: Date): WallClock {
  const parts = clockOf(timeZone).formatToParts(at);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? "";
  return {
    day: part("weekday") as Weekday,
    minute: Number(part("hour")) * 60 + Number(part("minute")),
  };
}

const dayBefore = (day: Weekday): Weekday => WEEKDAYS[(WEEKDAYS.indexOf(day) + 6) % 7] ?? day;
const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

function isWithinHours(leaf: Extract<Leaf, { kind: "hours" }>, at: Date): boolean {
  const { day, minute } = wallClock(leaf.timeZone, at);
  const [from, until] = [minuteOf(leaf.from), minuteOf(leaf.until)];
  if (from < until) return leaf.days.includes(day) && minute >= from && minute < until;
  // Over midnight the hours belong to the day on which they began; the same time twice is a whole day.
  const begun = leaf.days.includes(day) && minute >= from;
  return begun || (leaf.days.includes(dayBefore(day)) && minute < until);
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Network = [Address, number];

// Reading an address costs more than judging it: each is read once for its request or its condition.
const addresses = new WeakMap<Facts["context"], Address | null>();
const networks = new WeakMap<readonly string[], Network[]>();

function addressOf(context: Facts["context"]): Address | null {
  const known = addresses.get(context);
  if (known !== undefined) return known;
  const text = normaliseAddress(context.ip);
  const address = text === null ? null : ipaddr.parse(text);
  addresses.set(context, address);
  return address;
}

function networksOf(ranges: readonly string[]): Network[] {
  const known = networks.get(ranges);
  if (known !== undefined) return known;
  const read = ranges.map((range): Network => ipaddr.parseCIDR(range));
  networks.set(ranges, read);
  return read;
}

function isWithinRanges(context: Facts["context"], ranges: readonly string[]): boolean | null {
  const address = addressOf(context);
  if (address === null) return null;
  return networksOf(ranges).some(
    ([network, bits]) => network.kind() === address.kind() && address.match(network, bits),
  );
}
