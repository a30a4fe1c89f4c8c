"""Reads a JUnit file as CI does: check_junit.py FILE prints what it holds as JSON, or exits 1 with why
it cannot be read.

expat says whether it is XML at all, junitparser whether a reader of reports takes it, and the
numbers that it claims are counted again."""

import json
import sys
import xml.parsers.expat
import xml.etree.ElementTree

import junitparser

with open(sys.argv[1], "rb") as file:
    content = file.read()
xml.parsers.expat.ParserCreate().Parse(content, True)

report = junitparser.JUnitXml.fromstring(content)
suites = list(report)
if len(suites) != 1:
    sys.exit(f"{len(suites)} suites")
suite = suites[0]
elements = xml.etree.ElementTree.fromstring(content).iter("testcase")
cases = []
for case, element in zip(suite, elements):
    result = case.result[0] if case.result else None
    cases.append({
        "name": case.name,
        "classname": case.classname,
        "result": type(result).__name__.lower() if result else "passed",
        "type": result.type if result else None,
        "message": result.message if result else None,
        "text": (result.text if result else None) or case.system_out or "",
        "file": element.get("file"),
        "line": element.get("line"),
    })
for level in (report, suite):
    claimed = (level.tests, level.failures, level.errors, level.skipped)
    counted = (len(cases), *(sum(case["result"] == kind for case in cases)
                             for kind in ("failure", "error", "skipped")))
    if claimed != counted:
        sys.exit(f"the counts are {claimed}, and there are {counted}")
time = sum(case.time for case in suite)
if abs(time - suite.time) > 0.001 or abs(time - report.time) > 0.001:
    sys.exit(f"the time is {suite.time}, and the cases took {time}")
json.dump({"name": suite.name, "time": suite.time, "timestamp": suite.timestamp, "cases": cases,
           "tests": suite.tests, "failures": suite.failures, "errors": suite.errors, "skipped": suite.skipped,
           "properties": {each.name: each.value for each in suite.properties()}}, sys.stdout)
