declare module "*.woff2" {
  /** The address under which the font file is served. */
  const address: string;
  export default address;
}
