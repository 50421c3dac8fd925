import { resolve } from "node:path";
import { readFunctions } from "../local/function-folders.ts";
import { bundleAll, describeBundle } from "./bundle-all.ts";

/** `npm run bundle`: every function into `dist/<name>/`, one file each. */
const root = resolve(import.meta.dirname, "..", "..");
const bundles = await bundleAll(readFunctions(root), { root, out: resolve(root, "dist"), maps: true });
process.stdout.write(`${bundles.map(describeBundle).join("\n")}\n`);
