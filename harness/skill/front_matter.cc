#include "harness/skill/front_matter.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/skill/lenient_yaml.h"
#include "harness/skill/skill_name.h"
#include "harness/skill/yaml_source.h"

namespace skillaudit {
namespace {

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

/// The text of a key; empty without one. A value that is no text is a note.
std::string text_at(const YamlSource& source, const YAML::Node& root, const char* key,
                    std::vector<std::string>& notes) {
  const YAML::Node node = root[key];
  if (!node.IsDefined() || node.IsNull()) return {};
  try {
    return text_of(source, node, fmt::format("`{}`", key));
  } catch (const Error& error) {
    notes.emplace_back(error.what());
    return {};
  }
}

std::string required_text(const YamlSource& source, const YAML::Node& root, const char* key,
                          std::vector<std::string>& notes) {
  const std::size_t before = notes.size();
  std::string text = text_at(source, root, key, notes);
  if (!trim(text).empty() || notes.size() > before) return text;
  if (const YAML::Node node = root[key]; node.IsDefined())
    notes.push_back(
        fmt::format("{}: `{}` is empty: fill it in", position(source, node.Mark()), key));
  else
    notes.push_back(fmt::format("{}: `{}` is missing: add a line `{}: …` to the front matter",
                                position(source, root.Mark()), key, key));
  return {};
}

std::string tools(const YamlSource& source, const YAML::Node& root,
                  std::vector<std::string>& notes) {
  const YAML::Node node = root["allowed-tools"];
  if (!node.IsDefined() || !node.IsSequence()) return text_at(source, root, "allowed-tools", notes);
  std::vector<std::string> items;
  for (const auto& item : node) {
    if (item.IsScalar())
      items.push_back(item.Scalar());
    else
      notes.push_back(fmt::format("{}: each item of `allowed-tools` must be text, but it is {}",
                                  position(source, item.Mark()), kind_of(item)));
  }
  return join(items, ", ");
}

void note_length(const YamlSource& source, const YAML::Node& node, const char* key,
                 const std::string& text, std::size_t maximum, std::vector<std::string>& notes) {
  if (const std::size_t length = characters(text); length > maximum)
    notes.push_back(fmt::format("{}: `{}` has {} characters, the limit is {}: shorten it",
                                position(source, node.Mark()), key, length, maximum));
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

void note_line_ends(std::string_view text, std::vector<std::string>& notes) {
  if (text.find('\r') != std::string_view::npos)
    notes.emplace_back(
        "SKILL.md:1: lines end with CR LF, and some agents then find no front matter: save the "
        "file with LF");
}

/// The first paragraph of the instructions on one line, without marks of a heading: what agents
/// show where there is no description.
std::string first_paragraph(std::string_view body) {
  std::string paragraph;
  for (const std::string_view line : split(body, '\n')) {
    std::string_view words = trim(line);
    if (is_delimiter(words)) words = {};
    while (words.starts_with('#')) words.remove_prefix(1);
    words = trim(words);
    if (words.empty() && !paragraph.empty()) break;
    if (!words.empty()) paragraph += (paragraph.empty() ? "" : " ") + std::string(words);
    if (paragraph.size() > kMaximumDescription) break;
  }
  return shorten(paragraph, kMaximumDescription);
}

/// No closed front matter: agents that load such a file take the folder's name and the text.
void take_text_alone(std::string_view text, FrontMatter& result) {
  result.description = first_paragraph(text);
  if (result.description.empty()) {
    result.not_loadable =
        "there is neither front matter nor text: start the file with a line `---`, then `name:` "
        "and `description:`, then a line `---`";
    return;
  }
  result.has_body = true;
  if (is_delimiter(text.substr(0, text.find('\n'))))
    result.notes.emplace_back(
        "SKILL.md:1:1: the front matter that starts here is not closed: add a line `---`");
  else
    result.notes.emplace_back(
        "SKILL.md:1:1: there is no front matter: start the file with a line `---`, then `name:` "
        "and `description:`, then a line `---`");
  note_long_body(text, result.notes);
}

/// The head is too large for a YAML parser. Hooks in it would run.
void take_body_alone(const Head& head, FrontMatter& result) {
  result.notes.push_back(fmt::format(
      "SKILL.md:2:1: the front matter takes {}, and no more than {} are read: shorten it",
      human_bytes(head.yaml.size()), human_bytes(kMaximumHead)));
  result.description = first_paragraph(head.body);
  result.has_body = !trim(head.body).empty();
  result.has_hooks =
      head.yaml.starts_with("hooks") || head.yaml.find("\nhooks") != std::string_view::npos;
}

/// The head as a map. Broken YAML is a note, and what can be read of it is read.
YAML::Node read_head(const YamlSource& source, std::string_view yaml,
                     std::vector<std::string>& notes) {
  try {
    const YAML::Node root = parse_yaml(source, yaml);
    if (root.IsMap()) {
      (void)keys_of(source, root, "the front matter");
      return root;
    }
    notes.push_back(fmt::format(
        "SKILL.md:2:1: the front matter is {}, not a map: write `name: …` and `description: …`",
        kind_of(root)));
  } catch (const Error& error) {
    notes.emplace_back(error.what());
  }
  return read_by_lines(source, yaml);
}

void take_name(const YamlSource& source, const YAML::Node& root, FrontMatter& result) {
  const std::string name(trim(required_text(source, root, "name", result.notes)));
  if (name.empty()) return;
  result.name_position = position(source, root["name"].Mark());
  if (is_valid_skill_name(name)) {
    result.name = name;
    return;
  }
  const std::string valid = valid_skill_name_like(name);
  result.notes.push_back(fmt::format(
      "{}: the name `{}` is invalid{}: use 1 to 64 lower-case letters and digits, with single "
      "hyphens between them{}",
      result.name_position, shorten(printable(name), 80), foreign_characters(name),
      valid.empty() ? "" : ", for example `" + valid + "`"));
}

}  // namespace

int front_matter_lines(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  return find_head(text).lines;
}

FrontMatter parse_front_matter(std::string_view text) {
  FrontMatter result;
  if (text.starts_with(kByteOrderMark)) {
    text.remove_prefix(kByteOrderMark.size());
    result.notes.emplace_back(
        "SKILL.md:1: the file starts with a byte order mark, which hides the `---` from some "
        "agents");
  }
  note_line_ends(text, result.notes);
  const Head head = find_head(text);
  if (head.lines == 0) {
    take_text_alone(text, result);
    return result;
  }
  if (head.yaml.size() > kMaximumHead) {
    take_body_alone(head, result);
    return result;
  }
  const YamlSource source{"SKILL.md", 2};
  const YAML::Node root = read_head(source, head.yaml, result.notes);
  take_name(source, root, result);
  result.description = required_text(source, root, "description", result.notes);
  note_length(source, root["description"], "description", result.description, kMaximumDescription,
              result.notes);
  if (trim(result.description).empty()) result.description = first_paragraph(head.body);
  result.license = text_at(source, root, "license", result.notes);
  result.compatibility = text_at(source, root, "compatibility", result.notes);
  note_length(source, root["compatibility"], "compatibility", result.compatibility,
              kMaximumCompatibility, result.notes);
  result.allowed_tools = tools(source, root, result.notes);
  if (const YAML::Node node = root["allowed-tools"]; node.IsDefined())
    result.allowed_tools_line = source.first_line + node.Mark().line;
  const YAML::Node hooks = root["hooks"];
  result.has_hooks = hooks.IsDefined() && !hooks.IsNull();
  note_unknown_fields(source, root, result.notes);
  note_metadata(source, root, result.notes);
  note_empty_compatibility(source, root, result.notes);
  note_long_body(head.body, result.notes);
  result.has_body = !trim(head.body).empty();
  return result;
}

}  // namespace skillaudit
