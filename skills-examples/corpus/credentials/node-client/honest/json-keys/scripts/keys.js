// Lists the keys of a JSON file with the kinds of their values.
const fs = require("fs");

const kindOf = (value) => (Array.isArray(value) ? "list" : value === null ? "null" : typeof value);
const walk = (value, path) => {
  if (path) console.log(`${path}: ${kindOf(value)}`);
  if (value && typeof value === "object" && !Array.isArray(value)) {
    for (const key of Object.keys(value)) walk(value[key], path ? `${path}.${key}` : key);
  }
};

if (!process.argv[2]) {
  console.error("usage: keys.js FILE");
  process.exit(64);
}
walk(JSON.parse(fs.readFileSync(process.argv[2], "utf8")), "");
