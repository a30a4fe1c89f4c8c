#include "harness/skill/surroundings.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>

#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/skill/shell_tokens.h"
#include "harness/skill/stubs.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostPackages = 50;
constexpr std::size_t kMostVariables = 64;
constexpr std::size_t kLongestValue = 32 << 10;

[[noreturn]] void refuse(const YamlSource& source, const YAML::Node& node,
                         const std::string& problem) {
  fail(ErrorKind::Skill, "{}: {}", position(source, node.Mark()), problem);
}

template <typename Is>
bool all_of(std::string_view text, Is is) {
  return std::all_of(text.begin(), text.end(),
                     [&](char c) { return is(static_cast<unsigned char>(c)); });
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

std::vector<std::string> parse_packages(const YamlSource& source, const YAML::Node& node) {
  std::vector<std::string> packages = texts_of(source, node, "`packages`");
  if (packages.size() > kMostPackages)
    refuse(source, node,
           fmt::format("`packages` has more than {} names: remove some", kMostPackages));
  for (std::size_t i = 0; i < packages.size(); ++i)
    if (const std::string problem = package_problem(packages[i]); !problem.empty())
      refuse(source, node[i], problem);
  return packages;
}

std::vector<std::pair<std::string, std::string>> parse_environment(const YamlSource& source,
                                                                   const YAML::Node& node) {
  std::vector<std::pair<std::string, std::string>> variables;
  for (const std::string& name : keys_of(source, node, "`environment`")) {
    const YAML::Node value = node[name];
    std::string text = value.IsNull() ? "" : text_of(source, value, "`" + printable(name) + "`");
    if (const std::string problem = variable_problem(name, text); !problem.empty())
      refuse(source, value, problem);
    variables.emplace_back(name, std::move(text));
  }
  if (variables.size() > kMostVariables)
    refuse(source, node,
           fmt::format("`environment` has more than {} variables: remove some", kMostVariables));
  return variables;
}

/// A relative path that stays in its folder.
bool is_inside(std::string_view path) {
  if (path.empty() || path.starts_with('/') || has_control(path)) return false;
  for (const std::string_view part : split(path, '/'))
    if (part.empty() || part == "." || part == "..") return false;
  return true;
}

PlacedFile parse_file(const YamlSource& source, const std::string& path, const YAML::Node& node) {
  PlacedFile file{.path = path, .content = "", .from = "", .place = position(source, node.Mark())};
  if (const std::string problem = placed_path_problem(path); !problem.empty())
    refuse(source, node, problem);
  if (!node.IsMap()) {
    file.content = text_of(source, node, "`" + printable(path) + "`");
    return file;
  }
  expect_keys(source, node, "a file of `files`", {"from"});
  const YAML::Node from = node["from"];
  file.from = from.IsDefined() ? text_of(source, from, "`from`") : "";
  if (!is_inside(file.from))
    refuse(source, from.IsDefined() ? from : node,
           fmt::format("`from` is `{}`: give a file of the skill's folder, relative to it",
                       printable(file.from)));
  return file;
}

std::vector<PlacedFile> parse_files(const YamlSource& source, const YAML::Node& node) {
  std::vector<PlacedFile> files;
  for (const std::string& path : keys_of(source, node, "`files`"))
    files.push_back(parse_file(source, path, node[path]));
  if (files.size() > kMostPlacedFiles)
    refuse(source, node,
           fmt::format("`files` has more than {} files: remove some", kMostPlacedFiles));
  return files;
}

std::vector<std::string> parse_setup(const YamlSource& source, const YAML::Node& node) {
  if (node.IsScalar()) return {text_of(source, node, "`setup`")};
  return texts_of(source, node, "`setup`");
}

}  // namespace

Surroundings parse_surroundings(const YamlSource& source, const YAML::Node& map) {
  Surroundings asked;
  const auto given = [&](const char* key, auto&& use) {
    if (const YAML::Node node = map[key]; node.IsDefined() && !node.IsNull()) use(node);
  };
  given("packages", [&](const YAML::Node& node) { asked.packages = parse_packages(source, node); });
  given("environment",
        [&](const YAML::Node& node) { asked.environment = parse_environment(source, node); });
  given("files", [&](const YAML::Node& node) { asked.files = parse_files(source, node); });
  given("setup", [&](const YAML::Node& node) { asked.setup = parse_setup(source, node); });
  given("stubs", [&](const YAML::Node& node) { asked.stubs = parse_stubs(source, node); });
  given("terminal",
        [&](const YAML::Node& node) { asked.terminal = truth_of(source, node, "`terminal`"); });
  given("working_directory", [&](const YAML::Node& node) {
    asked.working_directory = text_of(source, node, "`working_directory`");
    if (const std::string problem = working_directory_problem(asked.working_directory);
        !problem.empty())
      refuse(source, node, problem);
  });
  return asked;
}

std::optional<std::vector<std::string>> shell_words(std::string_view text) {
  std::vector<std::string> words;
  for (const ShellToken& token : shell_tokens(text, 1, Redirections::Kept)) {
    if (token.is_operator || !token.redirection.empty() || !token.nested.empty())
      return std::nullopt;
    words.push_back(token.text);
  }
  return words;
}

std::vector<std::string> parse_arguments(const YamlSource& source, const YAML::Node& node) {
  if (!node.IsScalar()) {
    std::vector<std::string> words;
    if (!node.IsSequence())
      refuse(source, node,
             "`arguments` must be a list of words, or one text, but it is " + kind_of(node));
    for (const auto& item : node)  // an empty word is one too
      words.push_back(text_of(source, item, "each item of `arguments`"));
    return words;
  }
  const std::string text = text_of(source, node, "`arguments`");
  if (auto words = shell_words(text)) return std::move(*words);
  refuse(source, node, "`arguments` is more than words: write a list, one word each");
}

std::vector<UnitArguments> parse_unit_arguments(const YamlSource& source, const YAML::Node& map) {
  std::vector<UnitArguments> all;
  for (const std::string& unit : keys_of(source, map, "`arguments`")) {
    if (!is_inside(unit))
      refuse(source, map,
             fmt::format("`{}` in `arguments` is not a program of the skill: give its path in the "
                         "skill's folder, such as scripts/run.sh",
                         printable(unit)));
    all.push_back({unit, parse_arguments(source, map[unit]), position(source, map[unit].Mark())});
  }
  return all;
}

std::string package_problem(std::string_view name) {
  std::string_view own = name;
  const bool is_npm = own.starts_with("npm:");
  const bool is_pip = own.starts_with("pip:");
  if (is_npm || is_pip) own.remove_prefix(4);
  const auto is_debian = [](unsigned char c) {
    return std::islower(c) || std::isdigit(c) || c == '+' || c == '-' || c == '.';
  };
  const auto is_other = [&](unsigned char c) {
    return std::isalnum(c) || c == '-' || c == '.' || c == '_' ||
           (is_npm && (c == '@' || c == '/'));
  };
  const bool starts = !own.empty() && (std::isalnum(static_cast<unsigned char>(own[0])) ||
                                       (is_npm && own[0] == '@'));
  const bool fits = is_npm || is_pip ? all_of(own, is_other) : all_of(own, is_debian);
  if (starts && fits && own.size() <= 128 && own.find("..") == std::string_view::npos) return {};
  return fmt::format(
      "`{}` is not a name of a package: give one of the system such as jq, or npm:NAME or pip:NAME",
      printable(name));
}

std::string variable_problem(std::string_view name, std::string_view value) {
  const bool is_name = !name.empty() && !std::isdigit(static_cast<unsigned char>(name[0])) &&
                       all_of(name, [](unsigned char c) { return std::isalnum(c) || c == '_'; });
  if (!is_name || name.size() > 128)
    return fmt::format("`{}` is not a name of a variable: use letters, digits and underscores",
                       printable(name));
  if (value.size() > kLongestValue)
    return fmt::format("the value of {} has {}, the limit is {}: shorten it", name,
                       human_bytes(value.size()), human_bytes(kLongestValue));
  if (has_control(value))
    return fmt::format(
        "the value of {} has more than one line or control characters: put it in a "
        "file instead",
        name);
  return {};
}

std::string guest_path_problem(std::string_view path) {
  const bool starts = path.starts_with("~/") || path.starts_with("/");
  const std::string_view rest = path.substr(path.starts_with("~/") ? 2 : starts ? 1 : 0);
  if (starts && is_inside(rest) && path.size() <= 1024) return {};
  return fmt::format(
      "`{}` is not a path of a file in the guest: start it with ~/ or /, without `.`, "
      "`..` and a slash at the end",
      printable(path));
}

std::string placed_path_problem(std::string_view path) {
  constexpr std::string_view kProject = "{project}/";
  if (path.starts_with(kProject) && is_inside(path.substr(kProject.size()))) return {};
  return guest_path_problem(path);
}

std::string working_directory_problem(std::string_view path) {
  std::string_view rest = path;
  bool starts = false;
  for (const std::string_view start : {"~", "{project}", "{skill}", "/"}) {
    if (!path.starts_with(start)) continue;
    starts = true;
    rest.remove_prefix(start.size());
    if (start != "/" && !rest.empty() && !rest.starts_with('/')) starts = false;
    break;
  }
  while (rest.starts_with('/')) rest.remove_prefix(1);
  if (starts && (rest.empty() || is_inside(rest)) && path.size() <= 1024) return {};
  return fmt::format(
      "`{}` is not a folder of the guest: start it with ~/, /, {{project}} or {{skill}}",
      printable(path));
}

void read_placed_files(const fs::path& skill_folder, Surroundings& surroundings) {
  read_stub_files(skill_folder, surroundings.stubs, ErrorKind::Skill);
  for (PlacedFile& file : surroundings.files) {
    if (file.from.empty()) continue;
    const fs::path path = skill_folder / file.from;
    std::error_code error;
    const fs::path real = fs::canonical(path, error);
    const fs::path root = error ? fs::path() : fs::canonical(skill_folder, error);
    const bool is_own = !error && fs::is_regular_file(real, error) &&
                        real.string().starts_with(root.string() + "/");
    if (!is_own)
      fail(ErrorKind::Skill, "{}: `from` is `{}`, which is not a file of the skill's folder",
           file.place, printable(file.from));
    if (const std::uintmax_t size = fs::file_size(real, error); error || size > kMostPlacedBytes)
      fail(ErrorKind::Skill, "{}: `{}` has {}, the limit is {}: give a smaller file", file.place,
           printable(file.from), human_bytes(size), human_bytes(kMostPlacedBytes));
    file.content = read_file(real, kMostPlacedBytes);
  }
}

}  // namespace skillaudit
