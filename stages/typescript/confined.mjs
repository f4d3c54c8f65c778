// Run a program, and say on a file of its own that it ended well; confined.sh has given up what it
// has no need for before. Argument: that file's number. Stdin: a word of 16 bytes, the program.
// The word says that the end was reached. It is no string and in no shared buffer, so that neither
// a picture of the heap nor another buffer's memory shows it to the program.
import fs from "node:fs";
import { createRequire } from "node:module";
import { networkInterfaces } from "node:os";

// The program can replace what modules hold, so what is used after it is taken before.
const { readFileSync, readSync, writeSync } = fs;
const exit = process.exit.bind(process);
const report = Number(process.argv.splice(1)[0]);
const word = Buffer.alloc(16);
readSync(0, word);
const program = readFileSync(0).toString("base64");
let reached = false;

const confined = !process.permission.has("fs.read") && !process.permission.has("child");
if (!confined || Object.keys(networkInterfaces()).length > 0) exit(1);

// No promise that failed unheard, and no timer that throws, is lost: the end is where nothing waits.
process.on("uncaughtException", () => exit(1));
process.on("beforeExit", () => {
  if (reached && !process.exitCode) writeSync(report, word);
  reached = false;
});

// As scripts have them, for tests and answers that are written as one
globalThis.require = createRequire("/empty/");
globalThis.module = { exports: {} };
globalThis.exports = globalThis.module.exports;

writeSync(report, "ready\n");
await import(`data:text/javascript;base64,${program}`);
reached = true;
