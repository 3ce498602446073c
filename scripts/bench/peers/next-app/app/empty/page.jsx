import { headers } from "next/headers";

/** The least that a dynamic page can be. */
export default async function Empty() {
  await headers();
  return <main>Empty</main>;
}
