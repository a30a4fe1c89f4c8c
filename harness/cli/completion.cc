#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/cli/command_tree.h"

namespace skillaudit {
namespace {

/// "report diff"; empty for the program itself.
std::string key_of(const CommandWords& command) { return join(command.path, " "); }

/// The first sentence, short enough for a menu.
std::string short_description(const std::string& text) {
  std::string line = text.substr(0, text.find('\n'));
  return shorten(line, 90);
}

bool takes_value(const OptionWords& option) { return !option.value.empty(); }

/// Text between single quotes of fish, in which a backslash and a quote are escaped.
std::string fish_quote(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "'";
}

/// For zsh's _arguments: within single quotes, and without what ends a part of a specification.
std::string zsh_text(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') escaped += '\\';
    escaped += c == '\'' ? "'\\''" : std::string(1, c);
  }
  return escaped;
}

std::string zsh_action(const OptionWords& option) {
  return option.choices.empty() ? "_files" : "(" + join(option.choices, " ") + ")";
}

std::string zsh_specification(const OptionWords& option) {
  if (!option.positional.empty())
    return fmt::format("'{}:{}:{}'", option.repeated ? "*" : "", zsh_text(option.positional),
                       zsh_action(option));
  std::string specification;
  for (const std::string& name : option.names) {
    if (!specification.empty()) specification += " ";
    specification += fmt::format("'{}{}[{}]", option.repeated ? "*" : "", name,
                                 zsh_text(short_description(option.description)));
    if (takes_value(option))
      specification += fmt::format(":{}:{}", zsh_text(option.value), zsh_action(option));
    specification += "'";
  }
  return specification;
}

std::string zsh_function(const CommandWords& command) {
  return "_skillaudit" + (command.path.empty() ? "" : "_" + join(command.path, "_"));
}

}  // namespace

std::string bash_completion(const std::vector<CommandWords>& tree) {
  std::string paths;
  std::string values;
  std::string words;
  for (const CommandWords& command : tree) {
    const std::string key = key_of(command);
    if (!key.empty()) paths += fmt::format("{}\"{}\"", paths.empty() ? "" : "|", key);
    std::vector<std::string> options;
    std::vector<std::string> plain = command.commands;
    for (const OptionWords& option : command.options) {
      options.insert(options.end(), option.names.begin(), option.names.end());
      if (!option.positional.empty())
        plain.insert(plain.end(), option.choices.begin(), option.choices.end());
      if (!takes_value(option)) continue;
      std::vector<std::string> patterns;
      for (const std::string& name : option.names)
        patterns.push_back(fmt::format("\"{} {}\"", key, name));
      if (!patterns.empty())
        values += fmt::format("    {}) choices=\"{}\" value=1 ;;\n", join(patterns, "|"),
                              join(option.choices, " "));
    }
    words += fmt::format("    \"{}\") options=\"{}\" words=\"{}\" ;;\n", key, join(options, " "),
                         join(plain, " "));
  }
  return fmt::format(
      R"(# Completion of skillaudit for bash, written by `skillaudit completion bash`.
_skillaudit() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}}
  local path="" word choices="" options="" words="" value=""
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    case "${{path:+$path }}$word" in
      {}) path="${{path:+$path }}$word" ;;
    esac
  done
  case "$path $previous" in
{}  esac
  if [[ -n $value ]]; then
    [[ -z $choices ]] || mapfile -t COMPREPLY < <(compgen -W "$choices" -- "$current")
    return
  fi
  case "$path" in
{}  esac
  if [[ $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
  else
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  fi
}}
complete -o default -o bashdefault -F _skillaudit skillaudit
)",
      paths, values, words);
}

std::string zsh_completion(const std::vector<CommandWords>& tree) {
  std::string text =
      "#compdef skillaudit\n"
      "# Completion of skillaudit for zsh, written by `skillaudit completion zsh`.\n";
  for (const CommandWords& command : tree) {
    text += fmt::format("\n{}() {{\n", zsh_function(command));
    std::string specifications;
    for (const OptionWords& option : command.options) {
      // A word without a dash is a command first, if there are commands.
      if (!option.positional.empty() && !command.commands.empty()) continue;
      specifications += " \\\n    " + zsh_specification(option);
    }
    if (command.commands.empty()) {
      text += "  _arguments -s" + specifications + "\n}\n";
      continue;
    }
    text += "  local line state\n  _arguments -C" + specifications +
            " \\\n    '1: :->command' '*:: :->arguments'\n  case $state in\n    command)\n"
            "      local -a commands=(\n";
    for (const std::string& name : command.commands) {
      std::vector<std::string> path = command.path;
      path.push_back(name);
      for (const CommandWords& below : tree)
        if (below.path == path)
          text += fmt::format("        '{}:{}'\n", name,
                              zsh_text(short_description(below.description)));
    }
    const bool files =
        std::any_of(command.options.begin(), command.options.end(),
                    [](const OptionWords& each) { return !each.positional.empty(); });
    text += fmt::format(
        "      )\n      _describe command commands{}\n      ;;\n    arguments)\n"
        "      case $line[1] in\n",
        files ? "\n      _files" : "");
    for (const std::string& name : command.commands)
      text += fmt::format("        {}) {}_{} ;;\n", name, zsh_function(command), name);
    text += "      esac\n      ;;\n  esac\n}\n";
  }
  // compinit calls the function for a completion; a sourced file must register it.
  return text +
         "\nif [[ $funcstack[1] == _skillaudit ]]; then\n  _skillaudit \"$@\"\nelse\n"
         "  compdef _skillaudit skillaudit\nfi\n";
}

std::string fish_completion(const std::vector<CommandWords>& tree) {
  std::string text =
      "# Completion of skillaudit for fish, written by `skillaudit completion fish`.\n";
  for (const CommandWords& command : tree) {
    std::string condition;
    if (command.path.empty()) condition = "__fish_use_subcommand";
    for (const std::string& word : command.path)
      condition +=
          fmt::format("{}__fish_seen_subcommand_from {}", condition.empty() ? "" : "; and ", word);
    std::string below = condition;
    if (!command.path.empty() && !command.commands.empty())
      below += "; and not __fish_seen_subcommand_from " + join(command.commands, " ");
    for (const std::string& name : command.commands) {
      std::vector<std::string> path = command.path;
      path.push_back(name);
      for (const CommandWords& each : tree)
        if (each.path == path)
          text += fmt::format("complete -c skillaudit {}-n {} -a {} -d {}\n",
                              command.path.empty() ? "-f " : "", fish_quote(below), name,
                              fish_quote(short_description(each.description)));
    }
    for (const OptionWords& option : command.options) {
      std::string line = fmt::format("complete -c skillaudit -n {}", fish_quote(condition));
      for (const std::string& name : option.names)
        line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
      if (!option.choices.empty()) line += " -a " + fish_quote(join(option.choices, " "));
      if (option.names.empty() && option.choices.empty()) continue;
      if (takes_value(option) && !option.names.empty())
        line += option.choices.empty() ? " -r" : " -x";
      if (!option.names.empty()) line += " -d " + fish_quote(short_description(option.description));
      text += line + "\n";
    }
  }
  return text;
}

}  // namespace skillaudit
