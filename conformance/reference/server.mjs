// The reference engine behind plain HTTP: one execution per request and nothing else.
//
// Start: node server.mjs FOLDER      FOLDER holds node_modules with the npm package `zenroom`, and the
// contracts to serve as NAME.zen and NAME.keys.json. POST /api/NAME with {"data":{…}} answers 200 or 500.
//
// It stands in for the reference's own servers in a comparison, and is faster than they are: no
// middleware, no schema, and nothing is read from the disk after the start. The one sentence that it adds to the
// language is that of the timestamp, of which it looks for nothing but the name at the start.
import { readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const folder = resolve(process.argv.at(-1));
const { zencode_exec } = createRequire(join(folder, "package.json"))("zenroom");

const optional = (path) => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
};
/** Under which names a contract wants the time. */
const stamps = (script) =>
  [...script.matchAll(/fetch the local timestamp and store it into '([^']+)'/g)].map(([, name]) => name);
const read = (stem) => {
  const script = readFileSync(`${stem}.zen`, "utf8");
  return { script, keys: optional(`${stem}.keys.json`), stamps: stamps(script) };
};
const contracts = new Map(
  readdirSync(folder)
    .filter((file) => file.endsWith(".zen"))
    .map((file) => join(folder, file.slice(0, -4)))
    .map((stem) => [`/api/${stem.split("/").at(-1)}`, read(stem)]),
);

const answer = async (request, response) => {
  const contract = contracts.get(request.url);
  if (!contract) return response.writeHead(404).end();
  let body = "";
  for await (const chunk of request) body += chunk;
  const data = { ...(body ? JSON.parse(body).data : {}) };
  for (const name of contract.stamps) data[name] = Date.now().toString();
  try {
    const text = Object.keys(data).length > 0 ? JSON.stringify(data) : undefined;
    const { result } = await zencode_exec(contract.script, { data: text, keys: contract.keys });
    response.writeHead(200, { "content-type": "application/json" }).end(result);
  } catch (failure) {
    response.writeHead(500).end(String(failure?.logs ?? failure));
  }
};

const server = createServer(answer).listen(0, "127.0.0.1", () => {
  console.log(`127.0.0.1:${server.address().port}`);
});
