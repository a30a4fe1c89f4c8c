#!/usr/bin/env node
import { cpus, totalmem } from "node:os";

let workers = cpus().length;
if (totalmem() > 6 * 2 ** 30) {
  workers *= 2;
}
console.log(`${workers} workers`);
