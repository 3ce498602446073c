// The calculation that a browser does before an attempt counts, where an account
// has seen many wrong ones. Runs in a worker, so that the page stays usable.
//
// Looks for a number whose SHA-256, together with the challenge, begins with
// enough zero bits. Its own SHA-256, because the browser's answers one call at a
// time and is missing on plain http (FIPS 180-4).

const ROUNDS = Uint32Array.from(
  [
    "428a2f98 71374491 b5c0fbcf e9b5dba5 3956c25b 59f111f1 923f82a4 ab1c5ed5",
    "d807aa98 12835b01 243185be 550c7dc3 72be5d74 80deb1fe 9bdc06a7 c19bf174",
    "e49b69c1 efbe4786 0fc19dc6 240ca1cc 2de92c6f 4a7484aa 5cb0a9dc 76f988da",
    "983e5152 a831c66d b00327c8 bf597fc7 c6e00bf3 d5a79147 06ca6351 14292967",
    "27b70a85 2e1b2138 4d2c6dfc 53380d13 650a7354 766a0abb 81c2c92e 92722c85",
    "a2bfe8a1 a81a664b c24b8b70 c76c51a3 d192e819 d6990624 f40e3585 106aa070",
    "19a4c116 1e376c08 2748774c 34b0bcb5 391c0cb3 4ed8aa4a 5b9cca4f 682e6ff3",
    "748f82ee 78a5636f 84c87814 8cc70208 90befffa a4506ceb bef9a3f7 c67178f2",
  ]
    .join(" ")
    .split(" "),
  (word) => Number.parseInt(word, 16),
);
const START = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
];
const REPORT_EVERY = 20_000;

const words = new Uint32Array(64);

/**
 * Puts one block of 64 bytes into the state.
 * @param {Uint32Array} state
 * @param {Uint8Array} bytes
 * @param {number} offset
 */
function compress(state, bytes, offset) {
  for (let i = 0; i < 16; i += 1) {
    const at = offset + i * 4;
    words[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
  }
  for (let i = 16; i < 64; i += 1) {
    const x = words[i - 15];
    const y = words[i - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    words[i] = words[i - 16] + s0 + words[i - 7] + s1;
  }
  let a = state[0];
  let b = state[1];
  let c = state[2];
  let d = state[3];
  let e = state[4];
  let f = state[5];
  let g = state[6];
  let h = state[7];
  for (let i = 0; i < 64; i += 1) {
    const S1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + S1 + ((e & f) ^ (~e & g)) + ROUNDS[i] + words[i]) | 0;
    const S0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (S0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

/**
 * SHA-256 of this ASCII text with a number behind it, as its first word: all that is looked at.
 * @param {string} text
 * @returns {(number: number) => number}
 */
function digester(text) {
  const whole = Math.floor(text.length / 64) * 64;
  const bytes = Uint8Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
  const before = Uint32Array.from(START);
  for (let offset = 0; offset < whole; offset += 64) compress(before, bytes, offset);
  const state = new Uint32Array(8);
  return (number) => {
    const digits = String(number);
    const length = text.length - whole + digits.length;
    const tail = new Uint8Array(length + 9 > 64 ? 128 : 64);
    tail.set(bytes.subarray(whole));
    for (let i = 0; i < digits.length; i += 1) {
      tail[text.length - whole + i] = digits.charCodeAt(i);
    }
    tail[length] = 0x80;
    const bits = (whole + length) * 8;
    tail[tail.length - 2] = bits >>> 8;
    tail[tail.length - 1] = bits;
    state.set(before);
    for (let offset = 0; offset < tail.length; offset += 64) compress(state, tail, offset);
    return state[0];
  };
}

/** @param {{ proof: string } | { done: number }} message */
function tell(message) {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker's page has none.
  self.postMessage(message);
}

/**
 * At most 32 bits: nobody is asked for more.
 * @param {{ token: string, bits: number }} challenge
 */
function solve({ token, bits }) {
  const digest = digester(`${token}:`);
  for (let tried = 0; ; tried += 1) {
    if (Math.clz32(digest(tried)) >= bits) return { proof: `${token}:${tried}` };
    // How probable it is that so many tries were enough.
    if (tried % REPORT_EVERY === 0) tell({ done: 1 - Math.exp(-tried / 2 ** bits) });
  }
}

self.addEventListener(
  "message",
  /** @param {MessageEvent<{ token: string, bits: number }>} event */
  ({ data }) => tell(solve(data)),
);
