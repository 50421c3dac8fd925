/**
 * What the buildpack asks of a folder: how to build, and on which Node. Everything is inside `function.js`,
 * the functions framework included, so nothing is installed; the lock file says so, and `npm ci` has nothing to do
 * (decision 087).
 */
export function packageFileOf(name: string): string {
  return textOf({
    ...head(name),
    main: "index.js",
    scripts: { "gcp-build": "node index.js rehearse" },
    engines: { node: NODE },
  });
}

/**
 * How an instance is started, without npm, which would cost more than the function. Few requests are in the air at once, so
 * a young generation of two megabytes does: a fifteenth less memory; and it has one processor, on which garbage is not
 * collected faster by several threads: a tenth less of it.
 */
export const PROCFILE = "web: node --max-semi-space-size=2 --single-threaded-gc index.js\n";

/** The lock file that belongs to it. */
export function lockFileOf(name: string): string {
  const packages = { "": { ...head(name), engines: { node: NODE } } };
  return textOf({ ...head(name), lockfileVersion: 3, requires: true, packages });
}

/** The runtime `nodejs24`; the bundle is made for it. */
const NODE = "24.x";

function head(name: string) {
  return { name: `lockstep-${name}`, version: "0.1.0", private: true };
}

function textOf(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
