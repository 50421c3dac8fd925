import { describe, expect, test } from "vitest";
import { readOptions } from "../../scripts/local/options.ts";

describe("options of npm start", () => {
  test("without any, the demo runs on 8080 and 8090 with every provider simulated", () => {
    expect(readOptions([])).toEqual({
      port: 8080,
      sandboxPort: 8090,
      data: ".lockstep",
      emulators: false,
      sandbox: ["google", "uschedule", "graph", "booking", "ical", "osm", "gmail"],
      help: false,
    });
  });

  test("each option is read", () => {
    const args = "--port 0 --sandbox-port=9001 --data /tmp/x --emulators --sandbox uschedule --config my.yaml".split(
      " ",
    );

    expect(readOptions(args)).toEqual({
      port: 0,
      sandboxPort: 9001,
      data: "/tmp/x",
      emulators: true,
      sandbox: ["uschedule"],
      config: "my.yaml",
      help: false,
    });
  });

  test("none simulates nothing", () => {
    expect(readOptions(["--sandbox", "none"]).sandbox).toEqual([]);
  });

  test.each([
    [["--prot", "80"], "Unknown option '--prot'"],
    [["--port", "80a"], '--port takes a port from 0 to 65535, not "80a"'],
    [["--sandbox-port", "70000"], '--sandbox-port takes a port from 0 to 65535, not "70000"'],
    [["--sandbox", "google,gmial"], 'not "gmial"'],
    [["up"], "Unexpected argument 'up'"],
    [["--port"], "'--port <value>' argument missing"],
  ])("%j is refused with what is wrong and how to find out more", (args, says) => {
    expect(() => readOptions(args)).toThrow(says);
    expect(() => readOptions(args)).toThrow("npm start -- --help");
  });
});
