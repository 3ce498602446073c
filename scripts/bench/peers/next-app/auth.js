import NextAuth from "next-auth";
import Credentials from "next-auth/providers/credentials";

export const { auth } = NextAuth({
  providers: [Credentials({})],
  session: { strategy: "jwt" },
  trustHost: true,
});
