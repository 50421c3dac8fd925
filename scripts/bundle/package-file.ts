/**
 * What the buildpack asks of a folder: how to start, and on which Node. Everything is inside `index.js`, the functions
 * framework included, so nothing is installed; the lock file says so, and `npm ci` has nothing to do (decision 087).
 */
export function packageFileOf(name: string): string {
  return textOf({
    ...head(name),
    main: "index.js",
    scripts: { start: "node index.js" },
    engines: { node: NODE },
  });
}

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
