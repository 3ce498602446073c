/** Starts `count` of the same thing together and returns what each one answered. */
export const race = <T>(count: number, run: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => run(index)));
