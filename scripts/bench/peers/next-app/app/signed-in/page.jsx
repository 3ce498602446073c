import { auth } from "../../auth";

/** A page that knows who is signed in, by what a token says and no database. */
export default async function SignedIn() {
  const session = await auth();
  if (!session) throw new Error("nobody is signed in");
  return <main>{session.user.email}</main>;
}
