#include "harness/words/shell_block.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include "harness/base/among.h"
#include "harness/base/text.h"
#include "harness/words/placeholders.h"

namespace skillaudit {
namespace {

constexpr auto kShells = std::to_array<std::string_view>(
    {"sh", "bash", "shell", "zsh", "ksh", "dash", "shellscript", "shell-script"});
constexpr auto kSessions =
    std::to_array<std::string_view>({"console", "shell-session", "shellsession", "sh-session",
                                     "bash-session", "terminal", "session", "shell-console"});
// Code of other languages is there to be read or copied; shells of other systems are run there.
constexpr auto kForeignShells = std::to_array<std::string_view>(
    {"powershell", "pwsh", "ps1", "batch", "bat", "cmd", "fish", "applescript"});
constexpr auto kForeign = std::to_array<std::string_view>({"typescript", "ts", "tsx", "jsx", "r"});
struct Interpreter {
  std::string_view language;
  std::string_view command;  ///< reads the program from its standard input
};
constexpr auto kInterpreters = std::to_array<Interpreter>({{"python", "python3 -"},
                                                           {"python3", "python3 -"},
                                                           {"py", "python3 -"},
                                                           {"javascript", "node -"},
                                                           {"js", "node -"},
                                                           {"node", "node -"},
                                                           {"mjs", "node --input-type=module -"},
                                                           {"ruby", "ruby -"},
                                                           {"rb", "ruby -"},
                                                           {"perl", "perl -"},
                                                           {"php", "php"}});
constexpr auto kCommands = std::to_array<std::string_view>(
    {"apt",     "apt-get", "awk",    "bash",   "base64",  "bun",     "cargo",   "cat",   "cd",
     "chmod",   "chown",   "claude", "cmake",  "cmp",     "code",    "column",  "comm",  "convert",
     "cp",      "curl",    "cut",    "date",   "deno",    "diff",    "docker",  "du",    "echo",
     "env",     "eval",    "exec",   "export", "false",   "ffmpeg",  "find",    "gcc",   "gh",
     "git",     "go",      "grep",   "gzip",   "head",    "install", "java",    "jq",    "kill",
     "kubectl", "ln",      "ls",     "make",   "mkdir",   "mktemp",  "mv",      "node",  "npm",
     "npx",     "openssl", "pandoc", "perl",   "pip",     "pip3",    "pipx",    "pnpm",  "printf",
     "ps",      "pwd",     "pytest", "python", "python3", "rg",      "rm",      "rsync", "ruby",
     "sed",     "set",     "sh",     "sleep",  "sort",    "source",  "sqlite3", "ssh",   "sudo",
     "tail",    "tar",     "tee",    "test",   "touch",   "tr",      "tree",    "uname", "uniq",
     "unzip",   "uv",      "uvx",    "wget",   "which",   "yarn"});

/// Length of the prompt at the line's start: "$ ", "% ", "ann@host:~$ "; 0 when there is none.
std::size_t prompt(std::string_view line) {
  const std::size_t indent = std::min(line.find_first_not_of(' '), line.size());
  const std::string_view text = line.substr(indent);
  if (text.starts_with("$ ") || text.starts_with("% ")) return indent + 2;
  const std::size_t at = text.find('@');
  const std::size_t space = text.find(' ');
  if (at == std::string_view::npos || at == 0 || space == std::string_view::npos || at > space)
    return 0;
  for (const std::string_view end : {"$ ", "# "})
    if (const std::size_t close = text.find(end); close != std::string_view::npos && close < 80)
      return indent + close + 2;
  return 0;
}

bool first_line_has_prompt(std::string_view code) {
  for (const std::string_view line : split(code, '\n')) {
    if (trim(line).empty() || trim(line).starts_with('#')) continue;
    return prompt(line) > 0;
  }
  return false;
}

/// The commands of a session: what stands behind prompts, with the lines that continue it.
std::string without_prompts(std::string_view code) {
  std::string commands;
  bool continues = false;
  bool in_command = false;
  for (std::string_view line : split(code, '\n')) {
    if (const std::size_t length = prompt(line); length > 0) {
      line.remove_prefix(length);
    } else if (in_command && trim(line).starts_with("> ")) {
      line = line.substr(line.find("> ") + 2);
    } else if (!continues) {
      in_command = false;
      continue;
    }
    commands.append(line).append("\n");
    in_command = true;
    continues = trim(line).ends_with('\\');
  }
  return commands;
}

bool has_code(std::string_view code) {
  const auto lines = split(code, '\n');
  return std::any_of(lines.begin(), lines.end(), [](std::string_view line) {
    return !trim(line).empty() && !trim(line).starts_with('#');
  });
}

bool is_assignment(std::string_view word) {
  const std::size_t equals = word.find('=');
  if (equals == 0 || equals == std::string_view::npos) return false;
  return std::all_of(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(equals),
                     [](unsigned char c) { return std::isalnum(c) || c == '_'; });
}

/// Many commands are English words too: "make sure that it works", "find the file".
bool reads_like_prose(std::string_view line) {
  const std::size_t words = static_cast<std::size_t>(std::count(line.begin(), line.end(), ' ')) + 1;
  const char last = line.back();
  const bool sentence = last == '.' || last == ':' || last == '?' || last == '!' || last == ',';
  return words > 3 && (sentence || line.find_first_of("-/.=$|\"'<>&;*_") == std::string_view::npos);
}

bool looks_like_command(std::string_view line) {
  const std::string_view text = trim(line);
  const std::string_view first = text.substr(0, text.find_first_of(" \t"));
  if (reads_like_prose(text)) return false;
  if (is_assignment(first) || among(kCommands, first)) return true;
  return (first.starts_with("./") || first.starts_with("scripts/")) && !first.ends_with('/');
}

bool every_line_is_command(std::string_view code) {
  bool continues = false;
  for (const std::string_view line : split(code, '\n')) {
    const std::string_view text = trim(line);
    const bool judged = !continues && !text.empty() && !text.starts_with('#');
    if (judged && !looks_like_command(text)) return false;
    continues = text.ends_with('\\');
  }
  return has_code(code);
}

BlockCommand checked(std::string code) {
  if (!has_code(code)) return {};
  if (code.find('\0') != std::string::npos)
    return {"", "the block contains a NUL byte, which a command cannot contain"};
  if (const std::string found = find_placeholder(code); !found.empty())
    return {"", "the block has a placeholder: " + printable(shorten(found, 60))};
  if (const std::string found = find_terminal_program(code); !found.empty())
    return {"", "the block needs a terminal: " + found};
  return {std::move(code), ""};
}

/// `import` at the start of a line makes JavaScript a module.
bool is_module(std::string_view code) {
  return code.starts_with("import ") || code.find("\nimport ") != std::string_view::npos ||
         code.find("\nawait ") != std::string_view::npos || code.starts_with("await ");
}

std::string_view interpreter_of(const CodeBlock& block) {
  const auto found = std::find_if(
      kInterpreters.begin(), kInterpreters.end(),
      [&](const Interpreter& interpreter) { return interpreter.language == block.language; });
  if (found == kInterpreters.end()) return {};
  if (found->command == "node -" && is_module(block.code)) return "node --input-type=module -";
  return found->command;
}

BlockCommand given_to(std::string_view interpreter, const std::string& code) {
  if (code.find('\0') != std::string::npos)
    return {"", "the block contains a NUL byte, which a command cannot contain"};
  std::string end = "END";
  while (code.find(end) != std::string::npos) end += "_";
  return {std::string(interpreter) + " <<'" + end + "'\n" + code + end + "\n", "", true};
}

}  // namespace

BlockCommand command_of(const CodeBlock& block) {
  const bool prompts = first_line_has_prompt(block.code);
  if (among(kShells, block.language))
    return checked(prompts ? without_prompts(block.code) : block.code);
  if (among(kSessions, block.language) || block.language.empty()) {
    if (prompts) return checked(without_prompts(block.code));
    if (every_line_is_command(block.code)) return checked(block.code);
    if (block.language.empty() || !has_code(block.code)) return {};
    return {"", "the session shows no prompt, so commands and output cannot be distinguished"};
  }
  if (!has_code(block.code)) return {};
  if (const std::string_view reader = interpreter_of(block); !reader.empty())
    return given_to(reader, block.code);
  const bool is_shell = among(kForeignShells, block.language);
  if (is_shell || among(kForeign, block.language))
    return {
        "",
        "the block is " + printable(block.language) + ", for which this machine has no interpreter",
        !is_shell};
  return {};
}

}  // namespace skillaudit
