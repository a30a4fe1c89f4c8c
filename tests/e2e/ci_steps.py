"""What a CI would run, as JSON: a list of {name, script, env}, in order.

    ci_steps.py action FILE INPUT=VALUE…      the `run` steps of a composite action, with these inputs
    ci_steps.py gitlab FILE JOB VARIABLE=VALUE…  a job of a template, with these variables
    ci_steps.py pre-commit FILE HOOK          a hook's entry

Exits 1 for what the CI would refuse, and for what lets a stranger's text into a script."""

import json
import re
import string
import sys

import yaml

EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}")
INPUT = re.compile(r"\s*inputs\.([A-Za-z0-9_-]+)\s*")


def pairs(arguments):
    return dict(argument.split("=", 1) for argument in arguments)


def action_steps(action, given):
    declared = action["inputs"]
    unknown = set(given) - set(declared)
    missing = {name for name, each in declared.items() if each.get("required")} - set(given)
    if unknown or missing:
        sys.exit(f"inputs that there are not: {sorted(unknown)}, that are missing: {sorted(missing)}")
    values = {name: given.get(name, each.get("default", "")) for name, each in declared.items()}
    used = set()
    steps = []
    for step in action["runs"]["steps"]:
        name = step["name"]
        # `if` holds expressions without marks.
        mentioned = re.findall(r"inputs\.([A-Za-z0-9_-]+)", json.dumps(step))
        if not set(mentioned) <= set(declared):
            sys.exit(f"{name}: it uses an input that is not declared")
        used.update(mentioned)
        if "uses" in step:
            if not re.fullmatch(r"[a-z-]+/[a-z-]+(/[a-z-]+)*@v\d+", step["uses"]):
                sys.exit(f"{name}: {step['uses']} is not pinned to a version")
            continue
        if step["shell"] != "bash" or "if" in step:
            sys.exit(f"{name}: only steps that always run, in bash, are known here")
        if EXPRESSION.search(step["run"]):
            sys.exit(f"{name}: the script holds an expression, whose value would be run")
        env = {}
        for variable, text in step.get("env", {}).items():
            def value(match):
                expression = INPUT.fullmatch(match[1])
                if not expression:
                    sys.exit(f"{name}: {variable} is {text}, which is no input")
                return values[expression[1]]
            env[variable] = EXPRESSION.sub(value, text)
        steps.append({"name": name, "script": step["run"], "env": env})
    if used != set(declared):
        sys.exit(f"inputs without a use: {sorted(set(declared) - used)}")
    return steps


def gitlab_steps(template, job, given):
    job = template[job]
    variables = given.copy()
    for name, text in job["variables"].items():
        variables.setdefault(name, string.Template(text).substitute(variables))
    artifacts = job["artifacts"]
    if artifacts["when"] != "always":
        sys.exit("a job that fails keeps nothing")
    # Where GitLab looks for the files afterwards.
    variables["EXPECTED_JUNIT"] = string.Template(artifacts["reports"]["junit"]).substitute(variables)
    # One shell runs both, as the runner has it.
    script = "\n".join(job["before_script"] + job["script"])
    return [{"name": "script", "script": script, "env": variables}]


def hook_steps(hooks, wanted):
    hook = next(each for each in hooks if each["id"] == wanted)
    if hook["language"] != "script" or not hook["require_serial"]:
        sys.exit("the hook is not a script that is called once")
    return [{"name": hook["name"], "script": hook["entry"], "env": {}}]


kind, path, *arguments = sys.argv[1:]
with open(path, encoding="utf-8") as file:
    content = yaml.safe_load(file)
if kind == "action":
    result = action_steps(content, pairs(arguments))
elif kind == "gitlab":
    result = gitlab_steps(content, arguments[0], pairs(arguments[1:]))
else:
    result = hook_steps(content, arguments[0])
json.dump(result, sys.stdout)
