#include "harness/skill/answer_accesses.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include "harness/base/text.h"

namespace skillaudit {
namespace {

constexpr std::size_t kMostNames = 200;
constexpr std::size_t kLongestPath = 120;

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

std::size_t word_end(std::string_view text, std::size_t at) {
  while (at < text.size() && is_word(text[at])) ++at;
  return at;
}

std::size_t skip_spaces(std::string_view text, std::size_t at) {
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
  return at;
}

std::string joined(const std::string& path, std::string_view field) {
  return path.empty() ? std::string(field) : path + "." + std::string(field);
}

std::string as_list(std::string path) {
  if (!path.empty() && !path.ends_with("[]")) path += "[]";
  return path;
}

/// What stands in quotes from `at` on, and where it ends; npos: no such text.
std::size_t quoted_end(std::string_view text, std::size_t at) {
  if (at >= text.size() || (text[at] != '"' && text[at] != '\'' && text[at] != '`'))
    return std::string_view::npos;
  return text.find(text[at], at + 1);
}

bool is_field(std::string_view name) {
  if (name.empty() || name.size() > 64) return false;
  for (const char c : name)
    if (!is_word(c) && c != '-' && c != '@' && c != '$') return false;
  return true;
}

/// After the `(` at `open`: where the matching one ends.
std::size_t past_parenthesis(std::string_view text, std::size_t open) {
  int depth = 0;
  for (std::size_t at = open; at < text.size(); ++at) {
    if (text[at] == '(') ++depth;
    if (text[at] == ')' && --depth == 0) return at + 1;
  }
  return text.size();
}

bool is_search(std::string_view method) {
  return method == "includes" || method == "startsWith" || method == "startswith" ||
         method == "endswith" || method == "endsWith" || method == "__contains__";
}

/// What follows a field: `== "live"`, `=== 3`, `> 2`. Empty: no comparison with a literal.
std::string compared_with(std::string_view text, std::size_t at) {
  // `.strip()`, `.lower()`, a default of get(), a closing parenthesis.
  while (at < text.size()) {
    if (text[at] == ')' || text[at] == ' ') {
      ++at;
    } else if (text[at] == '.' && word_end(text, at + 1) < text.size() &&
               text[word_end(text, at + 1)] == '(') {
      const std::size_t open = word_end(text, at + 1);
      if (is_search(text.substr(at + 1, open - at - 1)))
        if (const std::size_t end = quoted_end(text, open + 1); end != std::string_view::npos)
          return std::string(text.substr(open + 2, end - open - 2));
      at = past_parenthesis(text, open);
    } else {
      break;
    }
  }
  const std::size_t begin = at;
  while (at < text.size() && std::string_view("=!<>").find(text[at]) != std::string_view::npos)
    ++at;
  const std::string_view sign = text.substr(begin, at - begin);
  if (sign.empty() || sign == "=" || sign == "=>") return {};
  at = skip_spaces(text, at);
  if (const std::size_t end = quoted_end(text, at); end != std::string_view::npos)
    return std::string(text.substr(at + 1, end - at - 1));
  const std::size_t end = word_end(text, at);
  const std::string word(text.substr(at, end - at));
  if (word == "true" || word == "True") return "true";
  int number = 0;
  const auto [stop, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (word.empty() || error != std::errc() || stop != word.data() + word.size() ||
      number > 1'000'000)
    return {};
  if (sign == ">") return std::to_string(number + 1);
  if (sign == "<") return std::to_string(number - 1);
  return word;
}

/// Where the call that parses an answer ends, for the first one from `at` on; npos: none.
std::size_t parsed_at(std::string_view line, std::size_t at) {
  std::size_t best = std::string_view::npos;
  for (const std::string_view call :
       {".json()", "JSON.parse(", "json.loads(", "json.load(", ".json(", "yaml.safe_load("}) {
    const std::size_t found = line.find(call, at);
    if (found == std::string_view::npos) continue;
    const std::size_t end = past_parenthesis(line, found + call.find('('));
    best = std::min(best, end);
  }
  return best;
}

/// The name to which the line assigns, with braces around it where it takes an object apart.
std::string_view assigned_in(std::string_view line) {
  const std::size_t equals = line.find('=');
  if (equals == std::string_view::npos || equals == 0 || equals + 1 >= line.size() ||
      line[equals + 1] == '=' || std::string_view("!<>=").find(line[equals - 1]) != line.npos)
    return {};
  std::string_view left = trim(line.substr(0, equals));
  for (const std::string_view word : {"const ", "let ", "var ", "export "})
    if (left.starts_with(word)) left = trim(left.substr(word.size()));
  if (left.starts_with('{') && left.ends_with('}')) return left;
  const std::size_t end = word_end(left, 0);
  return end == left.size() || left.substr(end).starts_with(":") ? left.substr(0, end)
                                                                 : std::string_view();
}

/// The name that a loop gives to each item: `for x in …`, `for (const x of …`.
std::string_view looped_in(std::string_view line) {
  const std::size_t at = line.find("for ");
  if (at == std::string_view::npos) return {};
  for (const std::string_view word : {" in ", " of "}) {
    const std::size_t in = line.find(word, at);
    if (in == std::string_view::npos) continue;
    std::size_t begin = in;
    while (begin > 0 && is_word(line[begin - 1])) --begin;
    return line.substr(begin, in - begin);
  }
  return {};
}

/// How an expression is called that is a whole answer, not parsed.
constexpr auto kWhole = std::to_array<std::string_view>(
    {".text", ".read()", ".decode(", ".content", ".body", "responseText"});

/// `r.text.strip() == "on"`, `"on" in r.text`. Whether the line speaks of one.
bool read_whole(std::string_view line, const ExpectedSink& note) {
  for (const std::string_view name : kWhole) {
    const std::size_t at = line.find(name);
    if (at == std::string_view::npos) continue;
    const std::size_t end = word_end(line, at + 1);
    const bool is_call = end < line.size() && line[end] == '(';
    if (const std::string value = compared_with(line, is_call ? at : end); !value.empty())
      note("", value);
    const std::size_t in = line.substr(0, at).find(" in ");
    if (in != std::string_view::npos && in > 1 && (line[in - 1] == '"' || line[in - 1] == '\'')) {
      const std::size_t begin = line.rfind(line[in - 1], in - 2);
      if (begin != std::string_view::npos)
        note("", std::string(line.substr(begin + 1, in - begin - 2)));
    }
    return true;
  }
  return false;
}

constexpr auto kOverItems = std::to_array<std::string_view>(
    {"map", "forEach", "filter", "find", "some", "every", "flatMap", "reduce"});

}  // namespace

std::vector<std::string> jq_fields(std::string_view line) {
  std::vector<std::string> fields;
  const std::size_t jq = line.find("jq ");
  if (jq == std::string_view::npos || (jq > 0 && is_word(line[jq - 1]))) return fields;
  for (std::size_t at = jq + 3; at < line.size() && fields.size() < 20; ++at) {
    if (line[at] == '|' && line.find('\'', jq) > at && line.find('"', jq) > at) break;
    if (line[at] != '.' || is_word(line[at - 1]) || line[at - 1] == ')') continue;
    std::string path;
    std::size_t end = at;
    while (end < line.size() && line[end] == '.' && path.size() < kLongestPath) {
      const std::size_t stop = word_end(line, end + 1);
      if (stop == end + 1) break;
      path = joined(path, line.substr(end + 1, stop - end - 1));
      end = stop;
      if (end < line.size() && line[end] == '?') ++end;
      if (end < line.size() && line[end] == '[') {
        path = as_list(path);
        end = std::min(line.find(']', end), line.size() - 1) + 1;
      }
    }
    if (!path.empty()) fields.push_back(path);
    at = std::max(at, end > 0 ? end - 1 : end);
  }
  return fields;
}

std::string shell_literal(std::string_view text) {
  text = trim(text);
  std::string_view word;
  if (const std::size_t end = quoted_end(text, 0); end != std::string_view::npos) {
    word = text.substr(1, end - 1);
  } else {
    word = text.substr(0, text.find_first_of(" \t;)]&|"));
  }
  const bool plain = word.find_first_of("$`*?[\\^(") == std::string_view::npos;
  return plain && word.size() <= 200 ? std::string(word) : std::string();
}

void AnswerNames::name_parts(std::string_view line, std::string_view assigned,
                             const std::string& path) {
  if (paths_.size() >= kMostNames) return;
  if (const std::string_view item = looped_in(line); !item.empty()) {
    paths_[std::string(item)] = as_list(path);
  } else if (!assigned.empty() && !assigned.starts_with('{')) {
    paths_[std::string(assigned)] = path;
  }
}

std::size_t AnswerNames::follow(std::string_view line, std::size_t at, std::string path,
                                const ExpectedSink& note) {
  bool any = false;
  while (at < line.size() && path.size() < kLongestPath) {
    if (line[at] == '?' || line[at] == ')') {
      ++at;
      continue;
    }
    if (line[at] == '[') {
      if (const std::size_t end = quoted_end(line, at + 1); end != std::string_view::npos) {
        if (!is_field(line.substr(at + 2, end - at - 2))) break;
        path = joined(path, line.substr(at + 2, end - at - 2));
        any = true;
        at = std::min(end + 2, line.size());
      } else {
        path = as_list(path);
        at = std::min(line.find(']', at), line.size() - 1) + 1;
      }
      continue;
    }
    if (line[at] != '.') break;
    const std::size_t end = word_end(line, at + 1);
    const std::string_view name = line.substr(at + 1, end - at - 1);
    const bool is_call = end < line.size() && line[end] == '(';
    if (is_call && name == "get") {
      const std::size_t close = quoted_end(line, end + 1);
      if (close == std::string_view::npos || !is_field(line.substr(end + 2, close - end - 2)))
        break;
      path = joined(path, line.substr(end + 2, close - end - 2));
      any = true;
      at = past_parenthesis(line, end);
      continue;
    }
    if (is_call || name == "length") {
      for (const std::string_view over : kOverItems)
        if (name == over && paths_.size() < kMostNames) {
          std::size_t begin = end;
          while (begin < line.size() && !is_word(line[begin])) ++begin;
          const std::string item(line.substr(begin, word_end(line, begin) - begin));
          if (!item.empty()) paths_[item] = as_list(path);
          if (any) note(as_list(path), "");
          return end;
        }
      break;
    }
    if (!is_field(name)) break;
    path = joined(path, name);
    any = true;
    at = end;
  }
  if (!any) return at;
  note(path, compared_with(line, at));
  name_parts(line, assigned_in(line), path);
  return at;
}

void AnswerNames::read(std::string_view line, const ExpectedSink& note) {
  for (std::size_t at = parsed_at(line, 0); at != std::string_view::npos;
       at = parsed_at(line, at)) {
    const std::string_view assigned = assigned_in(line);
    const std::size_t end = follow(line, at, "", note);
    if (end == at || line.find_first_of(".[", at) == std::string_view::npos)
      name_parts(line, assigned, "");
    if (assigned.starts_with('{'))
      for (const std::string_view part : split(assigned.substr(1, assigned.size() - 2), ',')) {
        const std::string_view field = trim(part.substr(0, part.find_first_of(":=")));
        if (!is_field(field)) continue;
        note(std::string(field), "");
        if (paths_.size() < kMostNames) paths_[std::string(field)] = field;
      }
    at = std::max(end, at + 1);
  }
  if (read_whole(line, note) && parsed_at(line, 0) == std::string_view::npos &&
      !assigned_in(line).starts_with('{'))
    name_parts(line, assigned_in(line), "");
  for (std::size_t at = 0; at < line.size();) {
    if (!is_word(line[at])) {
      ++at;
      continue;
    }
    const std::size_t end = word_end(line, at);
    const auto known = paths_.find(line.substr(at, end - at));
    const bool is_part = at > 0 && (line[at - 1] == '.' || line[at - 1] == '$');
    at = end;
    if (known == paths_.end() || is_part) continue;
    const std::string path = known->second;
    if (const std::string value = compared_with(line, end); !value.empty()) note(path, value);
    at = std::max(end, follow(line, end, path, note));
    if (looped_in(line).size() > 0 && at == end && !path.empty()) name_parts(line, {}, path);
  }
}

}  // namespace skillaudit
