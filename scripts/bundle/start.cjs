// How an instance starts (`index.js` beside `function.js`): with the bytecode that V8 made of the function when it was
// built, since compiling would be a fifth of the start. `node index.js rehearse` makes it: the buildpack's own step
// `gcp-build`, on the machine and by the Node that is deployed. Where it is missing, or another V8's, V8 compiles.
"use strict";
const { readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { Script, constants } = require("node:vm");

const filename = join(__dirname, "function.js");
const bytecode = join(__dirname, "function.bytecode");
const rehearsal = process.argv[2] === "rehearse";

// A function round what esbuild wrote (bundle-function.ts), in ASCII.
const code = readFileSync(filename);
const source = code.latin1Slice();
release(code);
const cachedData = made();
const importModuleDynamically = constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
const script = new Script(source, { filename, cachedData, importModuleDynamically });
release(cachedData);
script.runInThisContext()(exports, require, module);
if (rehearsal) {
  module.exports.rehearse().then(() => {
    writeFileSync(bytecode, script.createCachedData());
    process.exit(0);
  });
} else module.exports.start();

// What was read goes back at once: it is megabytes, and with them V8 would think itself near the first collection of everything.
// What is small stands in memory that Node shares among many.
function release(buffer) {
  if (buffer !== undefined && buffer.length === buffer.buffer.byteLength) buffer.buffer.transfer(0);
}

function made() {
  try {
    return rehearsal ? undefined : readFileSync(bytecode);
  } catch {
    return undefined;
  }
}
