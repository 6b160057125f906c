// A web service for contracts to ask: fixed answers, and a record of what it was sent.
//
// Start: node service.mjs      It prints its address. GET /record answers with every POST since the last such
// question, as JSON.
import { createServer } from "node:http";

let record = [];
const json = (response, value, status = 200) =>
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
const parsed = (body) => {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
};

const answers = {
  "/weather": (response) => json(response, { sky: "clear", wind: "north" }),
  "/text": (response) => response.writeHead(200, { "content-type": "text/plain" }).end("plain words"),
  "/switch": (response) => json(response, { on: true }),
  "/echo": (response, body) =>
    parsed(body) === undefined ? json(response, { error: "no JSON" }, 400) : json(response, { received: parsed(body) }),
  "/record": (response) => {
    json(response, record);
    record = [];
  },
};
const absent = (response) => json(response, { error: "not found" }, 404);

const server = createServer(async (request, response) => {
  let body = "";
  for await (const chunk of request) body += chunk;
  const path = request.url.split("?")[0];
  if (request.method === "POST") record.push({ path, json: parsed(body) ?? null });
  (answers[path] ?? absent)(response, body);
});
server.listen(0, "127.0.0.1", () => console.log(`127.0.0.1:${server.address().port}`));
