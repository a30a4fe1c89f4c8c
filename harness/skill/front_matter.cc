#include "harness/skill/front_matter.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/skill/yaml_source.h"

namespace skillaudit {
namespace {

constexpr std::size_t kMaximumName = 64;
constexpr std::size_t kMaximumDescription = 1024;
constexpr std::size_t kMaximumCompatibility = 500;
constexpr std::ptrdiff_t kAdvisedBodyLines = 500;
// Far above what the fields may hold; keeps the YAML parser away from megabytes of hostile input.
constexpr std::size_t kMaximumHead = 64 << 10;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

bool is_delimiter(std::string_view line) {
  return line.starts_with("---") && trim(line.substr(3)).empty();
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

bool is_valid_name(std::string_view name) {
  if (name.empty() || name.size() > kMaximumName) return false;
  if (name.front() == '-' || name.back() == '-' || name.find("--") != std::string_view::npos)
    return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

/// The nearest name that the rules allow: "Hello_Notes 2" becomes "hello-notes-2".
std::string valid_name_like(std::string_view name) {
  std::string valid;
  for (const char c : name) {
    if (std::isalnum(static_cast<unsigned char>(c))) {
      valid += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    } else if (!valid.empty() && valid.back() != '-') {
      valid += '-';
    }
    if (valid.size() == kMaximumName) break;
  }
  while (!valid.empty() && valid.back() == '-') valid.pop_back();
  return valid;
}

struct Head {
  std::string_view yaml;
  std::string_view body;
  int lines = 0;  ///< both delimiters included; 0: there is no closed front matter
};

Head find_head(std::string_view text) {
  const std::size_t first_end = text.find('\n');
  if (first_end == std::string_view::npos || !is_delimiter(text.substr(0, first_end))) return {};
  int lines = 1;
  for (std::size_t at = first_end + 1; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    ++lines;
    if (is_delimiter(text.substr(at, end - at))) {
      const std::size_t body = std::min(end + 1, text.size());
      return {text.substr(first_end + 1, at - first_end - 1), text.substr(body), lines};
    }
    at = end + 1;
  }
  return {};
}

Head require_head(const std::string& file, std::string_view text) {
  const std::string_view first = text.substr(0, text.find('\n'));
  if (!is_delimiter(first))
    fail(ErrorKind::Skill,
         "{}:1:1: there is no front matter: start the file with a line `---`, then `name:` and "
         "`description:`, then a line `---`",
         file);
  const Head head = find_head(text);
  if (head.lines == 0)
    fail(ErrorKind::Skill,
         "{}:1:1: the front matter that starts here is not closed: add a line `---`", file);
  if (head.yaml.size() > kMaximumHead)
    fail(ErrorKind::Skill, "{}:2:1: the front matter takes {}, the limit is {}: shorten it", file,
         human_bytes(head.yaml.size()), human_bytes(kMaximumHead));
  return head;
}

std::string required_text(const YamlSource& source, const YAML::Node& root, const char* key) {
  const YAML::Node node = root[key];
  if (!node.IsDefined())
    fail(ErrorKind::Skill, "{}: `{}` is missing: add a line `{}: …` to the front matter",
         position(source, root.Mark()), key, key);
  std::string text;
  if (!node.IsNull()) text = text_of(source, node, fmt::format("`{}`", key));
  if (trim(text).empty())
    fail(ErrorKind::Skill, "{}: `{}` is empty: fill it in", position(source, node.Mark()), key);
  return text;
}

std::string optional_text(const YamlSource& source, const YAML::Node& root, const char* key) {
  const YAML::Node node = root[key];
  if (!node.IsDefined() || node.IsNull()) return {};
  return text_of(source, node, fmt::format("`{}`", key));
}

std::string tools(const YamlSource& source, const YAML::Node& root) {
  const YAML::Node node = root["allowed-tools"];
  if (!node.IsDefined() || !node.IsSequence()) return optional_text(source, root, "allowed-tools");
  std::vector<std::string> items;
  for (const auto& item : node)
    items.push_back(text_of(source, item, "each item of `allowed-tools`"));
  return join(items, ", ");
}

void limit(const YamlSource& source, const YAML::Node& node, const char* key,
           const std::string& text, std::size_t maximum) {
  if (const std::size_t length = characters(text); length > maximum)
    fail(ErrorKind::Skill, "{}: `{}` has {} characters, the limit is {}: shorten it",
         position(source, node.Mark()), key, length, maximum);
}

void note_unknown_fields(const YamlSource& source, const YAML::Node& root,
                         std::vector<std::string>& notes) {
  static const std::vector<std::string> kKnown = {"name",          "description", "license",
                                                  "compatibility", "metadata",    "allowed-tools"};
  for (const auto& entry : root) {
    const std::string& key = entry.first.Scalar();
    if (std::find(kKnown.begin(), kKnown.end(), key) != kKnown.end()) continue;
    notes.push_back(
        fmt::format("SKILL.md:{}: the field `{}` is not part of the Agent Skills format",
                    source.first_line + entry.first.Mark().line, shorten(printable(key), 80)));
  }
}

void note_metadata(const YamlSource& source, const YAML::Node& root,
                   std::vector<std::string>& notes) {
  const YAML::Node metadata = root["metadata"];
  if (!metadata.IsDefined() || metadata.IsNull()) return;
  if (!metadata.IsMap()) {
    notes.push_back(fmt::format("SKILL.md:{}: `metadata` should be a map, but it is {}",
                                source.first_line + metadata.Mark().line, kind_of(metadata)));
    return;
  }
  for (const auto& entry : metadata) {
    if (entry.first.IsScalar() && entry.second.IsScalar()) continue;
    notes.push_back(
        fmt::format("SKILL.md:{}: `metadata` should map texts to texts, but it holds {}",
                    source.first_line + entry.second.Mark().line, kind_of(entry.second)));
    return;
  }
}

void note_empty_compatibility(const YamlSource& source, const YAML::Node& root,
                              std::vector<std::string>& notes) {
  for (const auto& entry : root) {
    if (entry.first.Scalar() != "compatibility") continue;
    if (entry.second.IsScalar() && !trim(entry.second.Scalar()).empty()) continue;
    notes.push_back(
        fmt::format("SKILL.md:{}: `compatibility` is empty: write 1 to {} characters, or remove it",
                    source.first_line + entry.first.Mark().line, kMaximumCompatibility));
  }
}

void note_long_body(std::string_view body, std::vector<std::string>& notes) {
  const std::string_view text = trim(body);
  const auto lines = std::count(text.begin(), text.end(), '\n') + 1;
  if (lines <= kAdvisedBodyLines) return;
  notes.push_back(
      fmt::format("SKILL.md has {} lines of instructions, the format recommends at most {}: move "
                  "details to other files",
                  lines, kAdvisedBodyLines));
}

}  // namespace

int front_matter_lines(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  return find_head(text).lines;
}

FrontMatter parse_front_matter(const std::string& file, std::string_view text) {
  FrontMatter result;
  if (text.starts_with(kByteOrderMark)) {
    text.remove_prefix(kByteOrderMark.size());
    result.notes.push_back(
        "SKILL.md:1: the file starts with a byte order mark, which hides the `---` from some "
        "agents");
  }
  const Head head = require_head(file, text);
  const YamlSource source{file, 2};
  const YAML::Node root = parse_yaml(source, head.yaml);
  if (!root.IsMap())
    fail(ErrorKind::Skill,
         "{}:2:1: the front matter is {}, not a map: write `name: …` and `description: …`", file,
         kind_of(root));
  (void)keys_of(source, root, "the front matter");

  result.name = required_text(source, root, "name");
  result.name_position = position(source, root["name"].Mark());
  if (!is_valid_name(result.name)) {
    const std::string valid = valid_name_like(result.name);
    fail(ErrorKind::Skill,
         "{}: the name `{}` is invalid: use 1 to 64 lower-case letters and digits, with single "
         "hyphens between them{}",
         result.name_position, shorten(printable(result.name), 100),
         valid.empty() ? "" : ", for example `" + valid + "`");
  }
  result.description = required_text(source, root, "description");
  limit(source, root["description"], "description", result.description, kMaximumDescription);
  result.license = optional_text(source, root, "license");
  result.compatibility = optional_text(source, root, "compatibility");
  limit(source, root["compatibility"], "compatibility", result.compatibility,
        kMaximumCompatibility);
  result.allowed_tools = tools(source, root);
  if (const YAML::Node node = root["allowed-tools"]; node.IsDefined())
    result.allowed_tools_line = source.first_line + node.Mark().line;
  note_unknown_fields(source, root, result.notes);
  note_metadata(source, root, result.notes);
  note_empty_compatibility(source, root, result.notes);
  note_long_body(head.body, result.notes);
  result.has_body = !trim(head.body).empty();
  return result;
}

}  // namespace skillaudit
