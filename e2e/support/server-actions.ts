import { readFileSync } from "node:fs";
import path from "node:path";
import { type HttpAnswer, type HttpCall, send } from "./http";
import { ROOT } from "./program";

interface Manifest {
  node: Record<string, { filename: string; exportedName: string; workers: object }>;
}

export interface ServerAction {
  id: string;
  /** `file#export`, which stays the same from build to build. */
  name: string;
  /** The routes whose pages know the action, as Next wants them: `/account/profile`. */
  routes: string[];
}

/** Every server action of a build, from its own manifest: what is not here cannot be called. */
export function listServerActions(dir = ROOT): ServerAction[] {
  const file = path.join(dir, ".next/server/server-reference-manifest.json");
  const { node } = JSON.parse(readFileSync(file, "utf8")) as Manifest;
  return Object.entries(node).map(([id, { filename, exportedName, workers }]) => ({
    id,
    name: `${filename}#${exportedName}`,
    routes: Object.keys(workers).map((entry) => routeOf(entry)),
  }));
}

/** `app/(account)/account/profile/page` is the route `/account/profile`. */
export const routeOf = (entry: string): string =>
  entry
    .replace(/^app/, "")
    .replace(/\/\([^)]+\)/g, "")
    .replace(/\/(page|route)$/, "") || "/";

export function findServerAction(name: string, dir = ROOT): ServerAction {
  const action = listServerActions(dir).find((candidate) => candidate.name === name);
  if (!action) throw new Error(`no server action ${name} in the build`);
  return action;
}

export interface ActionCall {
  action: ServerAction;
  /** A path whose page knows the action; when left out, one that needs no session if there is one. */
  path?: string;
  /** A form's fields, for an action of `(previous, form)`; one may be there several times. */
  fields?: Record<string, string | string[]>;
  /** The user whom the form was drawn for. */
  account?: string | undefined;
  /** What any other action is called with. */
  args?: unknown[];
  headers?: NonNullable<HttpCall["headers"]>;
}

const pathOf = ({ action: { routes }, path: wanted }: ActionCall): string =>
  wanted ??
  routes.find((route) => route === "/sign-in") ??
  routes.find((route) => !route.includes("[")) ??
  "/";

const valuesOf = (fields: Record<string, string | string[]>): [string, string][] =>
  Object.entries(fields).flatMap(([name, values]) =>
    [values].flat().map((value): [string, string] => [name, value]),
  );

/**
 * Calls a server action as a browser with script does: its id in a header, its
 * arguments as React encodes them, here a form's idle state and its fields.
 */
export function callServerAction(base: string, call: ActionCall): Promise<HttpAnswer> {
  const { action, fields = {}, account, args, headers } = call;
  const body = new FormData();
  for (const [name, value] of valuesOf(fields)) body.append(`_1_${name}`, value);
  if (account !== undefined) body.append("_1_$account", account);
  body.append("0", JSON.stringify(args ?? [{ status: "idle" }, "$K1"]));
  return send(base, {
    method: "POST",
    path: pathOf(call),
    headers: { "next-action": action.id, accept: "text/x-component", ...headers },
    body,
  });
}

/** Calls it as a browser without script does: the fields of the form that the server rendered. */
export function submitPlainForm(base: string, call: ActionCall): Promise<HttpAnswer> {
  const { action, fields = {}, account, args, headers } = call;
  const body = new FormData();
  if (account !== undefined) body.append("$account", account);
  body.append("$ACTION_REF_1", "");
  body.append("$ACTION_1:0", JSON.stringify({ id: action.id, bound: "$@1" }));
  body.append("$ACTION_1:1", JSON.stringify(args ?? [{ status: "idle" }]));
  for (const [name, value] of valuesOf(fields)) body.append(name, value);
  return send(base, { method: "POST", path: pathOf(call), headers: { ...headers }, body });
}
