import { registerHooks } from "node:module";

const STAND_IN = new URL("../bundle/no-domains.cjs", import.meta.url).href;

/**
 * The functions framework wraps each request in one of Node's domains, which watch every promise of the process from then
 * on: a third of the whole system's time. Imported before anything else, this puts in their place what stands for them in
 * every bundle (`scripts/bundle/trimmed-packages.ts`): the frame catches what a function throws.
 */
registerHooks({
  resolve(specifier, context, next) {
    const isFrameworks = specifier === "domain" && context.parentURL?.includes("/functions-framework/") === true;
    return isFrameworks ? { url: STAND_IN, format: "commonjs", shortCircuit: true } : next(specifier, context);
  },
});
