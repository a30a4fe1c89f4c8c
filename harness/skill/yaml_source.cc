#include "harness/skill/yaml_source.h"

#include <fmt/core.h>
#include <yaml-cpp/eventhandler.h>

#include <algorithm>
#include <charconv>
#include <sstream>
#include <utility>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace skillaudit {

std::string position(const YamlSource& source, const YAML::Mark& mark) {
  if (mark.is_null()) return fmt::format("{}:{}:1", source.file, source.first_line);
  return fmt::format("{}:{}:{}", source.file, source.first_line + mark.line, mark.column + 1);
}

int line_of(const YamlSource& source, const YAML::Node& node) {
  return source.first_line + (node.Mark().is_null() ? 0 : node.Mark().line);
}

int line_of(const YamlSource& source, const YAML::Node& map, std::string_view key) {
  for (const auto& entry : map)
    if (entry.first.Scalar() == key) return line_of(source, entry.first);
  return line_of(source, map);
}

std::string kind_of(const YAML::Node& node) {
  switch (node.Type()) {
    case YAML::NodeType::Map:
      return "a map";
    case YAML::NodeType::Sequence:
      return "a list";
    case YAML::NodeType::Scalar:
      return "text";
    case YAML::NodeType::Null:
    case YAML::NodeType::Undefined:
      break;
  }
  return "nothing";
}

namespace {

/// The parser's complaint and the mend, for the slips that are common in files written by hand.
std::string explain(const YAML::Exception& error, std::string_view text) {
  const auto lines = split(text, '\n');
  const auto line = static_cast<std::size_t>(error.mark.line);
  if (!error.mark.is_null() && line < lines.size() && lines[line].starts_with('\t'))
    return "the line starts with a tab: indent it with spaces";
  if (error.msg == "illegal map value")
    return "a key is not allowed here: quote values that contain \": \", and indent all keys of a "
           "map alike";
  if (error.msg == "bad file") return "it is nested too deeply: flatten it";
  return printable(error.msg) + ": fix it";
}

/// Knows where the last document started, and forgets the rest.
struct DocumentStart : YAML::EventHandler {
  YAML::Mark mark;
  void OnDocumentStart(const YAML::Mark& at) override { mark = at; }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}
};

}  // namespace

YAML::Node parse_yaml(const YamlSource& source, std::string_view text) {
  try {
    // Not YAML::LoadAll: a "," at the start makes it go round for ever, because the parser takes no
    // token and so there is always one more document. Two are enough to know.
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    DocumentStart start;
    if (!parser.HandleNextDocument(start)) return {};
    if (parser.HandleNextDocument(start))
      fail(source.blame,
           "{}: unexpected text after the end of the YAML document: remove it, or a stray comma or "
           "`---` before it",
           position(source, start.mark));
    return YAML::Load(std::string(text));
  } catch (const YAML::Exception& error) {
    fail(source.blame, "{}: broken YAML: {}", position(source, error.mark), explain(error, text));
  }
}

std::string text_of(const YamlSource& source, const YAML::Node& node, std::string_view what) {
  if (!node.IsScalar())
    fail(source.blame, "{}: {} must be text, but it is {}", position(source, node.Mark()), what,
         kind_of(node));
  const std::string text = node.Scalar();
  if (text.find('\0') != std::string::npos)
    fail(source.blame, "{}: {} contains a NUL byte: remove it", position(source, node.Mark()),
         what);
  return text;
}

std::vector<std::string> texts_of(const YamlSource& source, const YAML::Node& node,
                                  const std::string& what) {
  if (node.IsNull()) return {};
  if (!node.IsSequence())
    fail(source.blame, "{}: {} must be a list, but it is {}", position(source, node.Mark()), what,
         kind_of(node));
  std::vector<std::string> texts;
  for (const auto& item : node) {
    texts.push_back(text_of(source, item, "each item of " + what));
    if (trim(texts.back()).empty())
      fail(source.blame, "{}: an item of {} is empty: fill it in or remove it",
           position(source, item.Mark()), what);
  }
  return texts;
}

bool truth_of(const YamlSource& source, const YAML::Node& node, const std::string& what) {
  const std::string text = text_of(source, node, what);
  if (text != "true" && text != "false")
    fail(source.blame, "{}: {} is `{}`: write `true` or `false`", position(source, node.Mark()),
         what, printable(text));
  return text == "true";
}

double seconds_of(const YamlSource& source, const YAML::Node& node, const std::string& what) {
  static constexpr double kLongest = 24 * 3600;
  static constexpr std::pair<std::string_view, double> kUnits[] = {
      {"", 1}, {"ms", 0.001}, {"s", 1}, {"m", 60}, {"min", 60}, {"h", 3600}};
  const std::string text = text_of(source, node, what);
  double number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  const std::string_view unit = trim(std::string_view(end, text.data() + text.size()));
  const auto* known = std::find_if(std::begin(kUnits), std::end(kUnits),
                                   [&](const auto& candidate) { return candidate.first == unit; });
  const double seconds = known == std::end(kUnits) ? 0 : number * known->second;
  // Written so that a NaN is refused too.
  if (error != std::errc() || !(seconds > 0 && seconds <= kLongest))
    fail(source.blame,
         "{}: {} is `{}`: give a duration above zero and at most 24h, such as 30s, 2m or a number "
         "of seconds",
         position(source, node.Mark()), what, printable(text));
  return seconds;
}

std::vector<std::string> keys_of(const YamlSource& source, const YAML::Node& node,
                                 std::string_view what) {
  if (!node.IsMap())
    fail(source.blame, "{}: {} must be a map of keys and values, but it is {}",
         position(source, node.Mark()), what, kind_of(node));
  std::vector<std::string> keys;
  for (const auto& entry : node) {
    const std::string key = text_of(source, entry.first, "a key");
    if (std::find(keys.begin(), keys.end(), key) != keys.end())
      fail(source.blame, "{}: the key `{}` is given twice: keep one of them",
           position(source, entry.first.Mark()), printable(key));
    keys.push_back(key);
  }
  return keys;
}

void expect_keys(const YamlSource& source, const YAML::Node& node, std::string_view what,
                 const std::vector<std::string>& known) {
  (void)keys_of(source, node, what);
  for (const auto& entry : node) {
    const std::string& key = entry.first.Scalar();
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    const std::string near = nearest(key, known);
    fail(source.blame, "{}: unknown key `{}` in {}: {}", position(source, entry.first.Mark()),
         printable(key), what,
         near.empty() ? "use one of " + join(known, ", ") : "did you mean `" + near + "`?");
  }
}

}  // namespace skillaudit
