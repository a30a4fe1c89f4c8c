#include "harness/runner/plugin_steps.h"

#include <fmt/core.h>

#include <array>
#include <nlohmann/json.hpp>

#include "harness/base/json_text.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

using Json = nlohmann::ordered_json;

/// Speaks to an MCP server as an agent does. Bounded: 20 s for an answer, 20 tools, 1000 lines, 64
/// MiB in all and 1 MiB of a line.
constexpr std::string_view kClient = R"PY(import json, queue, subprocess, sys, threading

server = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, errors="replace")
lines = queue.Queue(16)

def read():
    size = 0
    for line in iter(lambda: server.stdout.readline(1 << 20), ""):
        size += len(line)
        if size > 64 << 20:
            server.kill()
            print("the server was ended: it wrote more than 64 MiB", file=sys.stderr)
            break
        lines.put(line)
    lines.put(None)

threading.Thread(target=read, daemon=True).start()
asked = 0

def send(message):
    server.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
    server.stdin.flush()

def ask(method, params):
    global asked
    asked += 1
    send({"id": asked, "method": method, "params": params})
    for _ in range(1000):
        try:
            line = lines.get(timeout=20)
            if line is None:
                break
            answer = json.loads(line)
        except queue.Empty:
            break
        except ValueError:
            continue
        if isinstance(answer, dict) and answer.get("id") == asked:
            return answer.get("result") or {}
    server.kill()
    sys.exit("the server did not answer " + method)

def example(schema, name):
    if not isinstance(schema, dict):
        return "example"
    for key in ("default", "const"):
        if key in schema:
            return schema[key]
    for key in ("enum", "examples"):
        if schema.get(key):
            return schema[key][0]
    kind = schema.get("type")
    if kind == "object":
        known = schema.get("properties") or {}
        return {each: example(known.get(each), each) for each in schema.get("required") or known}
    if kind == "array":
        return [example(schema.get("items"), name)]
    if kind in ("integer", "number"):
        return schema.get("minimum", 1)
    if kind == "boolean":
        return True
    if "url" in name.lower():
        return "https://example.com/"
    return "README.md" if "path" in name.lower() or "file" in name.lower() else "example"

ask("initialize", {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "claude-code", "version": "2.0"}})
send({"method": "notifications/initialized"})
for tool in (ask("tools/list", {}).get("tools") or [])[:20]:
    arguments = example(tool.get("inputSchema"), "")
    print(tool.get("name"), ask("tools/call", {"name": tool.get("name"), "arguments": arguments if isinstance(arguments, dict) else {}}))
server.stdin.close()
try:
    server.wait(5)
except subprocess.TimeoutExpired:
    server.terminate()
)PY";

constexpr std::string_view kRoot = "${CLAUDE_PLUGIN_ROOT}";

/// The first tool that a matcher names: "Write" of "Write|Edit"; "Bash" for any.
std::string tool_of(const std::string& matcher) {
  std::string name;
  for (const char c : matcher) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    if (!letter) break;
    name += c;
  }
  return name.empty() ? "Bash" : name;
}

Json tool_input(const std::string& tool, const std::string& project) {
  if (tool == "Bash") return {{"command", "ls"}, {"description", "Lists files"}};
  const std::string file = project + "/README.md";
  if (tool == "Write") return {{"file_path", file}, {"content", "example\n"}};
  if (tool == "Edit") return {{"file_path", file}, {"old_string", "the"}, {"new_string", "a"}};
  return {{"file_path", file}};
}

std::string input_of(const PluginPart& hook, const std::string& project) {
  Json input{{"session_id", "5f0c1c0e-6c1b-4a53-9d0e-2f6a3c1f7b1d"},
             {"transcript_path", "/tmp/transcript.jsonl"},
             {"cwd", project},
             {"permission_mode", "default"},
             {"hook_event_name", hook.event}};
  if (hook.event.find("ToolUse") != std::string::npos) {
    const std::string tool = tool_of(hook.matcher);
    input["tool_name"] = tool;
    input["tool_input"] = tool_input(tool, project);
    if (hook.event.starts_with("Post")) input["tool_response"] = {{"success", true}};
  } else if (hook.event == "SessionStart") {
    input["source"] = "startup";
  } else if (hook.event == "UserPromptSubmit") {
    input["prompt"] = "Summarise this project.";
  } else if (hook.event == "Notification") {
    input["message"] = "Waiting for your input";
  } else {
    input["stop_hook_active"] = false;
  }
  return json_text(input) + "\n";
}

std::string with_root(std::string text, const std::string& root) {
  for (std::size_t at = text.find(kRoot); at != std::string::npos;
       at = text.find(kRoot, at + root.size()))
    text.replace(at, kRoot.size(), root);
  return text;
}

std::string command_of_server(const PluginPart& part, const std::string& root) {
  std::string command;
  for (const auto& [name, value] : part.environment)
    command += fmt::format("export {}; ", shell_quote(name + "=" + with_root(value, root)));
  command += "python3 - " + shell_quote(with_root(part.command, root));
  for (const std::string& argument : part.arguments)
    command += " " + shell_quote(with_root(argument, root));
  return command + fmt::format(" <<'END'\n{}END\n", kClient);
}

}  // namespace

bool can_be_run(const PluginPart& part) {
  return part.kind != PluginPart::Kind::Other && !part.command.empty();
}

std::vector<PlannedStep> steps_of_plugin(const std::vector<PluginPart>& parts,
                                         const std::string& root, const std::string& project) {
  std::vector<PlannedStep> steps;
  for (const PluginPart& part : parts) {
    if (!can_be_run(part)) continue;
    const bool hook = part.kind == PluginPart::Kind::Hook;
    PlannedStep step;
    step.name = part.place;
    step.command = fmt::format(
        "export CLAUDE_PLUGIN_ROOT={} CLAUDE_PROJECT_DIR={}; cd \"$CLAUDE_PROJECT_DIR\"; {}",
        shell_quote(root), shell_quote(project),
        hook ? part.command : command_of_server(part, root));
    if (hook) step.standard_input = input_of(part, project);
    step.tentative = true;
    steps.push_back(std::move(step));
  }
  return steps;
}

}  // namespace skillaudit
