"""Validates a report against the schema: validate.py SCHEMA REPORT. Exits 1 with each error."""

import json
import sys

import jsonschema

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
with open(sys.argv[2], encoding="utf-8") as file:
    report = json.load(file)
validator_class = jsonschema.validators.validator_for(schema)
validator_class.check_schema(schema)
errors = sorted(validator_class(schema).iter_errors(report), key=lambda error: str(error.path))
for error in errors:
    print("/".join(str(part) for part in error.path), error.message[:300])
sys.exit(1 if errors else 0)
