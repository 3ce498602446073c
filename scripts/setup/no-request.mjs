// What stands for `next/headers` in programs that Next does not run: words are found for the language of a
// request there, and who has none must say the language. Nobody is taken for somebody by this.

/** @returns {never} */
const thrown = () => {
  throw new Error("there is no request of Next here: whoever asks names the language");
};

export const cookies = thrown;
export const headers = thrown;
