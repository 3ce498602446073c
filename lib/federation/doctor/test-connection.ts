import "server-only";
import { recordStandaloneEvent } from "@/lib/audit/record-event";
import { actorOf, asCaller } from "@/lib/authz/authority";
import { authorize } from "@/lib/authz/authorize";
import { can } from "@/lib/authz/decide";
import { secretPlaceOf } from "@/lib/federation/connections";
import {
  askDiscovery,
  authorizationAddress,
  newProofs,
  probeAuthorization,
  type Target,
} from "@/lib/federation/doctor/ask-provider";
import {
  consumeTest,
  deleteOldTests,
  findTestRow,
  insertTest,
  saveResult,
} from "@/lib/federation/doctor/connection-test-store";
import { judgeAnswer } from "@/lib/federation/doctor/judge-answer";
import { hasFailed, type TestStep } from "@/lib/federation/doctor/test-step";
import {
  type ConnectionRow,
  findConnectionRow,
  findSealedSecret,
} from "@/lib/federation/managed-connection-store";
import { CONNECTION_PERMISSIONS } from "@/lib/federation/permissions";
import { getConfig } from "@/lib/platform/config";
import { hashSecret, isSecret, newSecret } from "@/lib/platform/crypto";
import { seal, unseal } from "@/lib/platform/encryption";
import { newId } from "@/lib/platform/id";
import type { SealedColumn } from "@/lib/platform/reencryption";
import type { Caller } from "@/lib/shared/caller";
import { minutes } from "@/lib/shared/duration";
import { isId } from "@/lib/shared/id.schema";

/** The way to the provider and back, with a sign-in there. */
const LIFETIME_SECONDS = minutes(10);

const proofsPlaceOf = (id: string): string => `connection_tests.proofs:${id}`;

/** Where nonce and verifier of a test are kept. */
export const SEALED_PROOFS: SealedColumn = {
  table: "connection_tests",
  column: "proofs",
  key: "id",
  placeOf: proofsPlaceOf,
};

async function targetOf(
  { id, slug, version, ...row }: ConnectionRow,
  { opened = true }: { opened?: boolean } = {},
): Promise<Target | null> {
  const sealed = await findSealedSecret({ id, version });
  if (sealed === undefined) return null;
  const clientSecret = opened ? unseal(sealed, secretPlaceOf(id)).toString() : "";
  const callback = new URL(`/api/auth/callback/${slug}`, getConfig().appUrl).href;
  return { ...row, clientSecret, callback };
}

export interface BegunTest {
  testId: string;
  /** Where the browser goes on to; null when the test is over already. */
  address: string | null;
}

/**
 * Begins to try a connection, switched on or not: asks the provider about
 * itself, and whether it knows us. Null when there is no such connection.
 */
export async function beginTest(caller: Caller, connectionId: string): Promise<BegunTest | null> {
  await authorize(caller, CONNECTION_PERMISSIONS.manage);
  const { organizationId, session } = caller.principal;
  const row = isId(connectionId) ? await findConnectionRow(connectionId, organizationId) : null;
  // What is asked at first needs no secret: one that cannot be read is found where it is used.
  const target = row && (await targetOf(row, { opened: false }));
  if (row === null || target === null) return null;
  const { steps, metadata } = await askDiscovery(target);
  const state = newSecret();
  const proofs = { state, ...newProofs() };
  let address: string | null = null;
  if (metadata !== null) {
    const asked = await authorizationAddress(metadata, target, proofs);
    const probe = await probeAuthorization(asked, target.callback);
    steps.push(probe);
    address = hasFailed(steps) ? null : asked.href;
  }
  const testId = newId();
  const sealed = seal(Buffer.from(JSON.stringify(proofs)), proofsPlaceOf(testId));
  await insertTest(
    {
      id: testId,
      connectionId: row.id,
      sessionId: session.id,
      stateHash: hashSecret(state),
      proofs: sealed,
      steps,
    },
    LIFETIME_SECONDS,
  );
  await recordTest(caller, row.id, steps);
  return { testId, address };
}

/**
 * Takes an answer of a provider that belongs to a test of this very session, and
 * says where its result is; null for every other answer, which is then a
 * sign-in's or nobody's. Used up by one statement, and it signs nobody in.
 */
export async function finishTest(
  caller: Caller | null,
  slug: string,
  answer: URLSearchParams,
): Promise<{ connectionId: string; testId: string } | null> {
  const state = answer.get("state");
  if (caller === null || !isSecret(state)) return null;
  const { session, organizationId } = caller.principal;
  if (!(await can(caller, CONNECTION_PERMISSIONS.manage))) return null;
  const test = await consumeTest(hashSecret(state), session.id, slug);
  if (test === null) return null;
  const row = await findConnectionRow(test.connectionId, organizationId);
  const target = row && (await targetOf(row));
  if (row === null || target === null) return null;
  const proofs = JSON.parse(unseal(test.proofs, proofsPlaceOf(test.id)).toString()) as {
    state: string;
    nonce: string;
    verifier: string;
  };
  const before = test.steps as TestStep[];
  // Asked again, because what was said before is not kept.
  const { steps: again, metadata } = await askDiscovery(target);
  if (metadata === null) {
    await saveResult(test.id, [...before, ...again], {});
  } else {
    const terms = { domains: row.domains, organizationId };
    const { steps, claims } = await judgeAnswer(metadata, target, answer, proofs, terms);
    await saveResult(test.id, [...before, ...steps], claims);
    await recordTest(caller, row.id, steps);
  }
  return { connectionId: row.id, testId: test.id };
}

async function recordTest(caller: Caller, connectionId: string, steps: TestStep[]): Promise<void> {
  const problem = steps.find(({ outcome }) => outcome === "failed")?.problem;
  await recordStandaloneEvent(
    {
      action: "connection.tested",
      outcome: problem === undefined ? "success" : "failure",
      actor: actorOf(asCaller(caller)),
      target: { type: "connection", id: connectionId },
      ...(problem !== undefined && { reason: problem }),
    },
    caller.request,
  );
}

export interface TestResult {
  steps: TestStep[];
  claims: { idToken?: Record<string, unknown>; userinfo?: Record<string, unknown> };
  /** The browser is at the provider, or has left it there. */
  waiting: boolean;
  at: Date;
}

/** The result of a test of this session; null for any other. */
export async function findTest(
  caller: Caller,
  connectionId: string,
  testId: string,
): Promise<TestResult | null> {
  await authorize(caller, CONNECTION_PERMISSIONS.view);
  const { session, organizationId } = caller.principal;
  if (!isId(connectionId) || !isId(testId)) return null;
  if ((await findConnectionRow(connectionId, organizationId)) === null) return null;
  const row = await findTestRow(testId, connectionId, session.id);
  if (row === null) return null;
  const steps = row.steps as unknown as TestStep[];
  return {
    steps,
    claims: (row.claims ?? {}) as TestResult["claims"],
    waiting: row.consumedAt === null && !hasFailed(steps),
    at: row.createdAt,
  };
}

/** Deletes results that have been looked at for a day, with the claims in them; returns how many. */
export const purgeTests = (): Promise<number> => deleteOldTests();
