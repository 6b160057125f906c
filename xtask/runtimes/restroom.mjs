// restroom-mw as its users mount it: express, the body parsers, the middlewares that npm has, the core on /api/*.
//
// Start: node restroom.mjs PACKAGES CONTRACTS
//   PACKAGES holds node_modules, CONTRACTS is the folder to serve; files are stored below the working folder.
// It prints its address and serves until it is killed.
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const [packages, contracts] = process.argv.slice(-2).map((path) => resolve(path));
// The packages read it while they are loaded.
process.env.ZENCODE_DIR = contracts;
const require = createRequire(join(packages, "package.json"));
const express = require("express");
const middleware = (name) => require(`@restroom-mw/${name}`).default;

const app = express();
app.use(express.json());
app.use(express.urlencoded({ extended: true }));
for (const name of ["timestamp", "files", "http"]) app.use(middleware(name));
app.use("/api/*", middleware("core"));

const server = app.listen(0, "127.0.0.1", () => console.log(`127.0.0.1:${server.address().port}`));
