/** Every scope in the words of whoever allows it: "the app may …". */
const WORDS: Record<string, string> = {
  openid: "know that it is you",
  profile: "see your name",
  email: "see your email address",
  offline_access: "stay signed in while you are away",
  "api:read": "read what you can read here",
  "api:write": "change what you can change here",
};

export const wordsOfScope = (scope: string): string => WORDS[scope] ?? scope;
