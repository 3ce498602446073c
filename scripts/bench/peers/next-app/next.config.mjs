export default {
  // Or it takes the product's middleware for its own.
  turbopack: { root: import.meta.dirname },
  poweredByHeader: false,
};
