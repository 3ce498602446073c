import { expect, test } from "vitest";
import { rolesBetween, teamsUpTo } from "@/lib/authz/grant-paths";

const edge = (roleId: string, inheritedRoleId: string) => ({
  roleId,
  inheritedRoleId,
  inheritedRoleName: inheritedRoleId.toUpperCase(),
});
const from = (roleId: string, givenRoleId: string) => ({
  kind: "grant" as const,
  roleId,
  roleName: roleId.toUpperCase(),
  givenRoleId,
  givenRoleName: givenRoleId.toUpperCase(),
  expiresAt: null,
});

test("of many ways of inheritance a shortest is named", () => {
  const edges = [edge("a", "b"), edge("b", "c"), edge("c", "d"), edge("a", "e"), edge("e", "d")];
  expect(rolesBetween(from("a", "d"), edges)).toEqual(["A", "E", "D"]);
  expect(rolesBetween(from("a", "a"), edges)).toEqual(["A"]);
});

test("a way that is gone since the rules were read is named by its ends", () => {
  expect(rolesBetween(from("a", "z"), [edge("a", "b")])).toEqual(["A", "Z"]);
  expect(teamsUpTo({ teamId: "t", teamName: "T" }, [])).toEqual(["T"]);
});

test("of the teams that somebody is in the nearest one is named", () => {
  const step = (id: string, parentId: string | null, isMember = false) => ({
    id,
    parentId,
    name: id.toUpperCase(),
    isMember,
  });
  const steps = [
    step("far", "mid", true),
    step("mid", "top"),
    step("near", "top", true),
    step("top", null),
  ];
  expect(teamsUpTo({ teamId: "top", teamName: "TOP" }, steps)).toEqual(["NEAR", "TOP"]);
  expect(teamsUpTo({ teamId: "mid", teamName: "MID" }, steps)).toEqual(["FAR", "MID"]);
  expect(teamsUpTo({ teamId: null, teamName: null }, steps)).toEqual([]);
});
