"""Validates SARIF against the official schema, formats included, and against what the schema cannot
say: check_sarif.py SCHEMA FILE. Exits 1 with each error."""

import json
import re
import sys

import jsonschema

formats = jsonschema.FormatChecker(formats=())
# RFC 3986: characters of a URI, a percent sign only before two digits; RFC 3339 with a zone.
CHARACTER = r"(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})"
for name, pattern in {
    "uri": rf"[A-Za-z][A-Za-z0-9+.-]*:{CHARACTER}+",
    # A first segment without a scheme's colon, or an absolute URI.
    "uri-reference": rf"(?:[A-Za-z][A-Za-z0-9+.-]*:{CHARACTER}+|(?![^/?#]*:){CHARACTER}+)",
    "date-time": r"\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-6]\d(?:\.\d+)?Z",
}.items():
    formats.checks(name)(lambda value, pattern=pattern: not isinstance(value, str)
                         or re.fullmatch(pattern, value) is not None)

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
with open(sys.argv[2], encoding="utf-8") as file:
    log = json.load(file)
validator_class = jsonschema.validators.validator_for(schema)
if validator_class is not jsonschema.Draft4Validator:
    sys.exit("the schema is of draft 04")
validator_class.check_schema(schema)
errors = ["/".join(str(part) for part in error.path) + " " + error.message[:300]
          for error in validator_class(schema, format_checker=formats).iter_errors(log)]

for run in log["runs"]:
    rules = run["tool"]["driver"]["rules"]
    if len({rule["id"] for rule in rules}) != len(rules):
        errors.append("two rules have the same id")
    fingerprints = set()
    for number, result in enumerate(run["results"]):
        def wrong(what):
            errors.append(f"result {number}: {what}")
        if rules[result["ruleIndex"]]["id"] != result["ruleId"]:
            wrong("its ruleIndex is another rule's")
        # What GitHub's code scanning does not show, or refuses the file for.
        if len(result["locations"]) != 1:
            wrong("it has not one location")
        for location in result["locations"] + result.get("relatedLocations", []):
            place = location["physicalLocation"]
            if place["region"]["startLine"] < 1:
                wrong("it has no line")
            artifact = place["artifactLocation"]
            if artifact["uriBaseId"] not in run["originalUriBaseIds"]:
                wrong("its base is not explained")
            if artifact["uri"].startswith("/") or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", artifact["uri"]):
                wrong("its place is not relative")
        if not result["message"]["text"]:
            wrong("it has no message")
        fingerprint = result["partialFingerprints"]["ruleAndOffenders/v1"]
        if fingerprint in fingerprints:
            wrong("its fingerprint is another one's")
        fingerprints.add(fingerprint)
        if re.search(r"(?<!\\)\]\(", result["message"]["text"]):
            wrong("its message holds a link")
    for invocation in run["invocations"]:
        notifications = run["tool"]["driver"]["notifications"]
        for each in invocation["toolExecutionNotifications"]:
            if notifications[each["descriptor"]["index"]]["id"] != each["descriptor"]["id"]:
                errors.append("a notification's index is another one's")
        if not invocation["executionSuccessful"] and not any(
                result["level"] == "error" for result in run["results"]):
            errors.append("an audit without a verdict has no error among its results")
print("\n".join(errors))
sys.exit(1 if errors else 0)
