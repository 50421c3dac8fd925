// What stands in a bundle for Node's own `fetch` and its classes (esbuild-options.ts), loaded with the first use of one.
export const webClasses = {
  get fetch() {
    return require("node-fetch").default;
  },
  get FormData() {
    return require("node-fetch").FormData;
  },
  get Headers() {
    return require("node-fetch").Headers;
  },
  get Request() {
    return require("node-fetch").Request;
  },
  get Response() {
    return require("node-fetch").Response;
  },
};
