// What people have typed where an address belongs to make mail go elsewhere (ATK-10, ATK-64).

const EVIL = "eve@evil.example";

/** Letters of Unicode that normalising, case folding or a font turns into letters of ASCII. */
const LOOK_ALIKES: Readonly<Record<string, string[]>> = {
  a: ["\u0430", "\u0251", "\uff41", "\u{1d41a}", "\u00e0", "a\u0301", "\u00aa", "\u1e9a"],
  c: ["\u0441", "\u03f2", "\uff43", "\u217d", "\u00e7", "\u2102"],
  d: ["\u0501", "\uff44", "\u217e", "\u{1d41d}"],
  e: ["\u0435", "\u212e", "\uff45", "\u00e9", "e\u0308", "\u2147"],
  h: ["\u04bb", "\uff48", "\u210e"],
  i: ["\u0456", "\u0131", "\u0130", "\uff49", "\u2170", "\u00ed", "\u0269", "i\u0307"],
  k: ["\u212a", "\uff4b", "\u043a"],
  l: ["\u217c", "\uff4c", "\u04cf", "\u2113", "\u0142"],
  m: ["\uff4d", "\u217f", "\u043c"],
  n: ["\uff4e", "\u207f", "\u0578", "\u00f1"],
  o: ["\u043e", "\u03bf", "\uff4f", "\u2134", "\u00f6", "\u00ba"],
  p: ["\u0440", "\uff50", "\u03c1"],
  r: ["\uff52", "\u0433"],
  s: ["\u017f", "\u0455", "\uff53"],
  t: ["\uff54", "\u0442"],
  v: ["\uff56", "\u2174", "\u0475"],
  x: ["\u0445", "\uff58", "\u2179", "\u00d7"],
  ss: ["\u00df", "\u1e9e"],
  st: ["\ufb06"],
  fi: ["\ufb01"],
};

/** Every address that differs from this one by one look-alike letter. */
const withLookAlikes = (address: string): string[] =>
  Object.entries(LOOK_ALIKES).flatMap(([letters, likes]) =>
    likes.flatMap((like) =>
      [...address.matchAll(new RegExp(letters, "g"))].map(
        ({ index }) => address.slice(0, index) + like + address.slice(index + letters.length),
      ),
    ),
  );

/** Invisible, odd or controlling characters, put where they would change who is meant. */
const UNSEEN = Array.from(
  "\u0000\u0001\u0007\u0008\u001b\u007f\u0080\u0085\u00a0\u00ad\u034f\u061c\u115f\u180e" +
    "\u2000\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202a\u202e\u202f\u2060\u2066\u2069" +
    "\u3000\ufe0f\ufeff\ufff9\ufffd\u{e0001}",
).concat("\ud800", "\udfff");

/** What stands for an at sign or a dot elsewhere. */
const AT_SIGNS = ["\uff20", "\ufe6b", "%40", "&#64;", "&commat;", "=40", "\\@", " at ", "(at)"];
const DOTS = ["\u3002", "\uff0e", "\uff61", "\u2024", "%2e", "..", ".\u200b"];

const LINE_ENDS = ["\r\n", "\n", "\r", "\u2028", "\u0085", "%0d%0a", "\\r\\n", "\r\n ", "\0\r\n"];
const HEADERS = [`Bcc: ${EVIL}`, `To: ${EVIL}`, `RCPT TO:<${EVIL}>`, ".\r\nMAIL FROM:<>"];

const SEPARATORS = [",", ", ", ";", "; ", " ", "\t", "|", "\n", "\r\n", ":", "&", "%2c", "%0a"];

function syntaxOf(victim: string): string[] {
  const [local = "", domain = ""] = victim.split("@");
  const forms = (address: string, other: string) => [
    `<${address}>`,
    `Ada <${address}>`,
    `"${other}" <${address}>`,
    `<${other}> ${address}`,
    `<${other}><${address}>`,
    `Group: ${other}, ${address};`,
    `A: B: C: ${other};;;`,
    `(${other}) ${address}`,
    `${address} (${other})`,
    `${address}(comment)`,
    `mailto:${address}`,
    `mailto:${address}?cc=${other}`,
    `${address}?cc=${other}`,
    `@evil.example:${address}`,
    `@evil.example,@other.example:${address}`,
    `smtp:${address}`,
    `=?utf-8?q?${address.replace("@", "=40")}?=`,
    `=?utf-8?b?${Buffer.from(address).toString("base64")}?=`,
    `${address}\\`,
    `\\${address}`,
    `'${address}'x@y`,
    `[${address}]`,
    `{${address}}x@@y`,
    `["${address}","${other}"]`,
    `{"email":"${address}"}`,
    `${address}@${other}`,
    `${address}@evil.example`,
  ];
  return [
    ...forms(victim, EVIL),
    ...forms(EVIL, victim),
    // GHSA-mm7p-fcc7-pg87, CVE-2025-13033: a quoted part that has an address in it.
    `"${EVIL} x"@${domain}`,
    `"${victim}"@evil.example`,
    `"${local}"@${domain}`,
    `"${local}\\"@evil.example"@${domain}`,
    `"xclow3n@gmail.com x"@internal.domain`,
    `${local}."x y"@${domain}`,
    `"${local}\u0000"@${domain}`,
    `${local}(a@evil.example)@${domain}`,
    `${local}@(evil.example)${domain}`,
    `${local}@${domain}(evil.example)`,
    `(${"(".repeat(200)}${local}${")".repeat(200)})@${domain}`,
    `${local}@[127.0.0.1]`,
    `${local}@[IPv6:::1]`,
    `${local}@[${domain}]`,
    `${local}@${domain}.`,
    `${local}@${domain}..`,
    `${local}@.${domain}`,
    `.${local}@${domain}`,
    `${local}.@${domain}`,
    `${local}..x@${domain}`,
    `${local}@-${domain}`,
    `${local}@${domain}-`,
    `${local}@ex_ample.com`,
    `${local}@${domain}:25`,
    `${local}@${domain}/`,
    `${local}@${domain}#@evil.example`,
    `${local}@${domain}\\@evil.example`,
    `${local}%evil.example@${domain}@`,
    `evil.example!${local}`,
    `${local}@@${domain}`,
    `@${domain}`,
    `${local}@`,
    local,
    `${local}@com`,
    `${local}@127.0.0.1:25`,
    `${local}@b\u00fccher.example`,
    `${local}@xn--bcher-kva\u3002example`,
    `${local} @${domain}`,
    `${local}@ ${domain}`,
    `${local}@ex ample.com`,
    "",
    " ",
    "@",
    "null",
    "undefined",
    "[object Object]",
    "*",
    "%",
    "_@_",
    "%@%.%",
    "\u0661@\u0662.\u0663",
    "\u6d4b\u8bd5@\u6d4b\u8bd5.\u6d4b\u8bd5",
    "\u{1f600}@example.com",
  ];
}

const longOnes = (victim: string): string[] => [
  `${"a".repeat(65)}@example.com`,
  `${"a".repeat(300)}@example.com`,
  `a@${"b".repeat(64)}.example`,
  `a@${"b.".repeat(130)}example`,
  victim + "x".repeat(300),
  `${victim},`.repeat(200),
  `${EVIL};`.repeat(300),
  "a".repeat(30_000),
  `"${"\\".repeat(10_000)}"@example.com`,
  "(".repeat(15_000),
  `${"A: ".repeat(5_000)}${victim};`,
  `${victim}${" ".repeat(20_000)}x`,
];

/** Texts that are no address. For each of them nothing is sent to anybody. At least 300. */
export function refusedAddresses(victim: string): string[] {
  const [local = "", domain = ""] = victim.split("@");
  const [name = "", top = ""] = domain.split(".");
  return [
    ...new Set([
      ...syntaxOf(victim),
      ...longOnes(victim),
      ...withLookAlikes(victim),
      ...UNSEEN.flatMap((unseen) => [
        `${local}${unseen}@${domain}`,
        `${local}@${name}${unseen}.${top}`,
      ]),
      ...AT_SIGNS.flatMap((at) => [`${local}${at}${domain}`]),
      ...DOTS.map((dot) => `${local}@${name}${dot}${top}`),
      ...LINE_ENDS.flatMap((end) => HEADERS.map((header) => `${victim}${end}${header}`)),
      ...SEPARATORS.flatMap((by) => [`${victim}${by}${EVIL}`, `${EVIL}${by}${victim}`]),
    ]),
  ];
}

/** The stored address, typed with other capitals or white space around it. */
export const sameAddresses = (victim: string): string[] => {
  const [local = "", domain = ""] = victim.split("@");
  return [
    victim.toUpperCase(),
    `${local.toUpperCase()}@${domain}`,
    `${local}@${domain.toUpperCase()}`,
    `  ${victim}`,
    `${victim}\r\n`,
    `\t${victim}\u00a0`,
    `\ufeff${victim}`,
  ];
};

/** Addresses of somebody else that only look like this one: whoever types one means it. */
export const otherAddresses = (victim: string): string[] => {
  const [local = "", domain = ""] = victim.split("@");
  return [
    `${local}+evil@${domain}`,
    `${local}@${domain}.evil.example`,
    `${local}@xn--${domain}`,
    `${local}@xn--exmple-cua.com`,
    `${local}%${domain}@evil.example`,
    `${local}=${domain}@evil.example`,
    `${local}'@${domain}`,
    `{${local}}@${domain}`,
    `${local}.x@${domain}`,
    `${local.replace(/[ioe]/, "0")}@${domain}`,
  ];
};

/** Where JSON can say more than a text. */
export const refusedShapes = (victim: string): unknown[] => [
  [victim],
  [victim, EVIL],
  [[victim]],
  { address: victim },
  { name: EVIL, address: victim },
  { group: [victim, EVIL] },
  { 0: victim, length: 1 },
  { toString: victim },
  { email: victim },
  { $ne: null },
  { contains: "@" },
  null,
  true,
  0,
  1e308,
  [],
  {},
];
