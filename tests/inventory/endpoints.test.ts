import { expect, test } from "vitest";
import { type Endpoint, takesFreshProof } from "@/app/api/endpoint";
import { ENDPOINTS } from "@/app/api/table";
import { PERMISSIONS } from "@/app/permissions";
import { ACTIONS, ENDPOINT_SURFACES, PAGES } from "./surfaces";

test("every endpoint of the API is in the inventory with the permission that it declares", () => {
  const declared = ENDPOINTS.map(({ method, path, access }) => [
    `${method} ${path}`,
    typeof access === "object" ? access.key : access,
  ]);
  const listed = Object.entries(ENDPOINT_SURFACES).map(([name, { access }]) => [name, access]);
  expect(declared.toSorted()).toEqual(listed.toSorted());
});

test("every endpoint that asks for a fresh proof says so in its declaration, and no other does", () => {
  const nameOf = ({ method, path }: Endpoint) => `${method} ${path}`;
  // What asks for it at times alone is in the inventory where the sample makes it ask.
  const declared = ENDPOINTS.filter(takesFreshProof).map(nameOf);
  const atTimes = ENDPOINTS.filter(({ fresh }) => typeof fresh === "string").map(nameOf);
  const proven = Object.entries(ENDPOINT_SURFACES).flatMap(([name, surface]) =>
    "fresh" in surface && surface.fresh === true ? [name] : [],
  );
  const always = proven.filter((name) => !atTimes.includes(name));
  expect(declared.toSorted()).toEqual(always.toSorted());
});

test("every endpoint that is open to whoever acts as somebody else says so, and no other does (F101)", () => {
  const declared = ENDPOINTS.filter(({ impersonated }) => impersonated === true);
  const listed = Object.entries(ENDPOINT_SURFACES).filter(([, surface]) => surface.impersonated);
  expect(declared.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual(
    listed.map(([name]) => name).toSorted(),
  );
});

test("the inventory speaks of no permission that does not exist", () => {
  const surfaces = [PAGES, ACTIONS, ENDPOINT_SURFACES].flatMap((table) => Object.values(table));
  const named = surfaces.flatMap(({ access, also = [] }) => [access, ...also]);
  const known = ["anonymous", "signed-in", ...PERMISSIONS.map(({ key }) => key)];
  expect(named.filter((key) => !known.includes(key))).toEqual([]);
});
