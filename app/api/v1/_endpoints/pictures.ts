import "server-only";
import { z } from "zod";
import { endpoint } from "@/app/api/endpoint";
import { keptReply } from "@/app/api/kept-reply";
import { notFound } from "@/app/api/problems";
import type { Reply } from "@/lib/platform/http/reply";
import { USER_PERMISSIONS } from "@/lib/users/permissions";
import { findOwnPicture, findPictureOf } from "@/lib/users/picture";

const Digest = z.string().describe("SHA-256 of the picture, in hexadecimal");

/** Another digest than that of the present picture leads to nothing, so that a former one is gone. */
function pictureReply(
  picture: { content: Uint8Array; digest: Uint8Array } | null,
  digest: string,
  ifNoneMatch: string | null,
): Reply {
  if (picture === null || Buffer.from(picture.digest).toString("hex") !== digest) {
    throw notFound("picture");
  }
  return keptReply(
    picture.content,
    { type: "image/webp", name: digest, by: "private" },
    ifNoneMatch,
  );
}

const RESPONSES = {
  200: { description: "image/webp, a square of 256 pixels" },
  304: { description: "The picture that If-None-Match names" },
};

const ownPictureEndpoint = endpoint({
  method: "GET",
  path: "/api/v1/account/picture/{digest}",
  tag: "Account",
  summary: "The caller's picture",
  access: "signed-in",
  impersonated: true,
  params: z.object({ digest: Digest }),
  responses: RESPONSES,
  run: async ({ caller, params, header }) =>
    pictureReply(await findOwnPicture(caller), params.digest, header("if-none-match")),
});

const userPictureEndpoint = endpoint({
  method: "GET",
  path: "/api/v1/users/{id}/picture/{digest}",
  tag: "Users",
  summary: "A user's picture",
  access: USER_PERMISSIONS.view,
  services: true,
  params: z.object({ id: z.string(), digest: Digest }),
  responses: RESPONSES,
  run: async ({ caller, params: { id, digest }, header }) =>
    pictureReply(await findPictureOf(caller, id), digest, header("if-none-match")),
});

export const PICTURE_ENDPOINTS = [ownPictureEndpoint, userPictureEndpoint];
