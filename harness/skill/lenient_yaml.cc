#include "harness/skill/lenient_yaml.h"

#include <algorithm>
#include <string>
#include <vector>

#include "harness/base/text.h"

namespace skillaudit {
namespace {

bool is_key_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

/// The key that starts the line: `name` of "name: x" and of "name:". Empty if none does.
std::string_view key_of(std::string_view line) {
  std::size_t end = 0;
  while (end < line.size() && is_key_character(line[end])) ++end;
  if (end == 0 || end == line.size() || line[end] != ':') return {};
  const std::string_view after = line.substr(end + 1);
  const bool ends =
      after.empty() || after.front() == ' ' || after.front() == '\t' || after.front() == '\r';
  return ends ? line.substr(0, end) : std::string_view();
}

/// A key with its lines, up to the next key.
struct Entry {
  std::string_view key;
  std::vector<std::string> lines;
};

bool is_yaml(const YamlSource& source, const Entry& entry) {
  try {
    const YAML::Node node = parse_yaml(source, join(entry.lines, "\n") + "\n");
    return node.IsMap() && node.size() == 1;
  } catch (const Error&) {
    return false;
  }
}

/// Without `>-`, `|2` and the like, which announce a block.
std::string_view without_block_sign(std::string_view value) {
  if (!value.starts_with('>') && !value.starts_with('|')) return value;
  const std::size_t end = value.find_first_not_of("+-0123456789", 1);
  return end == std::string_view::npos ? std::string_view() : trim(value.substr(end));
}

/// The value as it stands there, on one line.
std::string value_text(const Entry& entry) {
  const std::string_view first = entry.lines.front();
  std::string text(without_block_sign(trim(first.substr(entry.key.size() + 1))));
  for (std::size_t i = 1; i < entry.lines.size(); ++i) {
    const std::string_view line = trim(entry.lines[i]);
    if (!line.empty()) text += (text.empty() ? "" : " ") + std::string(line);
  }
  if (text.size() >= 2 && text.front() == text.back() &&
      (text.front() == '"' || text.front() == '\''))
    text = text.substr(1, text.size() - 2);
  return text;
}

/// The entry as YAML of as many lines: its value in single quotes, in which only the quote itself
/// has a meaning (YAML 1.2, 7.3.2).
std::string as_text(const Entry& entry) {
  std::string yaml = std::string(entry.key) + ": '";
  for (const char c : value_text(entry)) yaml += c == '\'' ? std::string("''") : std::string(1, c);
  return yaml + "'\n" + std::string(entry.lines.size() - 1, '\n');
}

}  // namespace

YAML::Node read_by_lines(const YamlSource& source, std::string_view text) {
  std::vector<Entry> entries;
  std::string mended;
  for (const std::string_view line : split(text, '\n')) {
    if (const std::string_view key = key_of(line); !key.empty())
      entries.push_back({key, {}});
    else if (entries.empty())
      mended += '\n';
    if (!entries.empty()) entries.back().lines.emplace_back(line);
  }
  std::vector<std::string_view> seen;
  for (const Entry& entry : entries) {
    // A key counts once, and anchors of one entry are unknown in the next.
    if (std::find(seen.begin(), seen.end(), entry.key) != seen.end())
      mended += std::string(entry.lines.size(), '\n');
    else
      mended += is_yaml(source, entry) ? join(entry.lines, "\n") + "\n" : as_text(entry);
    seen.push_back(entry.key);
  }
  try {
    YAML::Node root = parse_yaml(source, mended);
    if (root.IsMap()) return root;
  } catch (const Error&) {  // entries that are YAML one by one, but not together
  }
  return YAML::Node(YAML::NodeType::Map);
}

}  // namespace skillaudit
