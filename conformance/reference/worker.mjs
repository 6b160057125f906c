// The reference engine as a worker: one JSON request per line in, one JSON answer per line out.
//
// Start: node worker.mjs FOLDER      FOLDER holds node_modules with the npm package `zenroom`.
//
//   {"id":1,"script":"…","data":"…","keys":"…","extra":"…","conf":"…","now_ms":1700000000000}
//   → {"id":1,"ok":true,"mangled":false,"stdout":"…","log":"…"}
//
//   {"id":2,"script":"…",…,"repeat":100}
//   → {"id":2,"ok":true,"stdout":"…","log":"…","cpu_us":[…],"wall_us":[…]}     one entry per execution
//
// The caller kills the process when an answer is late: an engine that hangs takes only its worker along.
import { createInterface } from "node:readline";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const folder = resolve(process.argv.at(-1));
const { zencode_exec } = createRequire(join(folder, "package.json"))("zenroom");

// Octets that are not UTF-8 do not survive JavaScript's strings: such an output cannot be compared.
const mangled = (text) => /\p{Surrogate}|\ufffd/u.test(text) || !parses(text);
const parses = (text) => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};
const wellFormed = (text) => text.replace(/\p{Surrogate}/gu, "\ufffd");

const clock = Date.now;

// The engine reads the time of day from JavaScript's clock, which stands still at `now_ms` while it runs.
const execute = async ({ script, data, keys, extra, conf, now_ms }) => {
  Date.now = now_ms === undefined ? clock : () => now_ms;
  try {
    const { result, logs } = await zencode_exec(script, { data, keys, extra, conf });
    return { ok: true, mangled: mangled(result), stdout: wellFormed(result), log: wellFormed(logs) };
  } catch (failure) {
    return { ok: false, mangled: false, stdout: "", log: wellFormed(String(failure?.logs ?? failure)) };
  } finally {
    Date.now = clock;
  }
};

const repeat = async (request) => {
  const cpu_us = [];
  const wall_us = [];
  let answer;
  for (let i = 0; i < request.repeat; i += 1) {
    const cpu = process.cpuUsage();
    const wall = process.hrtime.bigint();
    answer = await execute(request);
    wall_us.push(Number((process.hrtime.bigint() - wall) / 1000n));
    const { user, system } = process.cpuUsage(cpu);
    cpu_us.push(user + system);
    if (!answer.ok) break;
  }
  return { ...answer, cpu_us, wall_us };
};

process.stdout.write(`${JSON.stringify({ ready: true })}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  const answer = request.repeat ? await repeat(request) : await execute(request);
  process.stdout.write(`${JSON.stringify({ id: request.id, ...answer })}\n`);
}
