#include "harness/skill/answer_scan.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "harness/base/text.h"

namespace skillaudit::answer_scan {
namespace {

constexpr std::size_t kLongestPath = 120;

bool is_search(std::string_view method) {
  return method == "includes" || method == "startsWith" || method == "startswith" ||
         method == "endswith" || method == "endsWith" || method == "__contains__";
}

}  // namespace

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

std::size_t past_parenthesis(std::string_view text, std::size_t open) {
  int depth = 0;
  for (std::size_t at = open; at < text.size(); ++at) {
    if (text[at] == '(') ++depth;
    if (text[at] == ')' && --depth == 0) return at + 1;
  }
  return text.size();
}

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

}  // namespace skillaudit::answer_scan
