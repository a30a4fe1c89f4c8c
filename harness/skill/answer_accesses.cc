#include "harness/skill/answer_accesses.h"

#include <algorithm>
#include <array>

#include "harness/base/text.h"
#include "harness/skill/answer_scan.h"

namespace skillaudit {

using namespace answer_scan;  // NOLINT: all of it

namespace {

constexpr std::size_t kMostNames = 200;
constexpr std::size_t kLongestPath = 120;
/// The path of what a client gives in which the answer is the part `data`.
constexpr const char* kResponse = "@";

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

void AnswerNames::name_parts(std::string_view line, std::string_view assigned,
                             const std::string& path) {
  if (paths_.size() >= kMostNames) return;
  if (const std::string_view item = looped_in(line); !item.empty() && item != assigned) {
    paths_[std::string(item)] = as_list(path);
  } else if (!assigned.empty() && !assigned.starts_with('{')) {
    paths_[std::string(assigned)] = path;
  }
}

/// A field is a value to decode or code to run where the line says so.
void AnswerNames::note_path(std::string_view line, const std::string& path, std::string value,
                            const ExpectedSink& note) const {
  const bool encoded = line.find("b64decode(") != std::string_view::npos ||
                       line.find("atob(") != std::string_view::npos ||
                       line.find("'base64'") != std::string_view::npos ||
                       line.find("\"base64\"") != std::string_view::npos;
  const bool is_code = line.find("exec(") != std::string_view::npos ||
                       line.find("eval(") != std::string_view::npos ||
                       line.find("Function(") != std::string_view::npos;
  const bool is_shell = line.find("popen(") != std::string_view::npos ||
                        line.find("child_process") != std::string_view::npos;
  if (value.empty() && is_code && !is_shell) value = is_javascript_ ? ":javascript" : ":python";
  if (value.empty() && encoded) value = ":shell";
  if (encoded && value.starts_with(':')) value += ",base64";
  if (!path.starts_with(kResponse)) return note(path, value);
  const std::string body = std::string(kResponse) + ".data.";
  if (path.starts_with(body)) note(path.substr(body.size()), value);
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
          if (any) note_path(line, as_list(path), "", note);
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
  note_path(line, path, compared_with(line, at), note);
  name_parts(line, assigned_in(line), path);
  return at;
}

/// `def load():`, `async function load() {`, `const load = async () => {`.
void AnswerNames::read_function(std::string_view line) {
  std::string_view text = trim(line);
  for (const std::string_view word : {"export ", "default ", "async "})
    if (text.starts_with(word)) text = trim(text.substr(word.size()));
  for (const std::string_view word : {"def ", "function "})
    if (text.starts_with(word))
      function_ = text.substr(word.size(), word_end(text, word.size()) - word.size());
  if (text.starts_with("const ") && text.find("=>") != std::string_view::npos)
    function_ = assigned_in(text);
  if (!text.starts_with("return ") || function_.empty() || paths_.size() >= kMostNames) return;
  const std::size_t begin = skip_spaces(text, 7);
  const auto known = paths_.find(text.substr(begin, word_end(text, begin) - begin));
  if (parsed_at(text, 0) != std::string_view::npos)
    paths_[function_ + "()"] = "";
  else if (known != paths_.end())
    paths_[function_ + "()"] = known->second;
}

void AnswerNames::read_parsed(std::string_view line, const ExpectedSink& note) {
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
}

void AnswerNames::read(std::string_view line, const ExpectedSink& note) {
  read_function(line);
  read_parsed(line, note);
  const std::string_view assigned = assigned_in(line);
  if (line.find("axios") != std::string_view::npos && !assigned.empty()) {
    const bool apart = assigned.starts_with('{');  // const { data } = await axios.get(…)
    paths_[apart ? "data" : std::string(assigned)] = apart ? "" : kResponse;
  }
  if (read_whole(line, note) && parsed_at(line, 0) == std::string_view::npos &&
      !assigned.starts_with('{'))
    name_parts(line, assigned, "");
  const bool defines = line.find("def ") != std::string_view::npos ||
                       line.find("function ") != std::string_view::npos;
  for (std::size_t at = 0; at < line.size();) {
    if (!is_word(line[at])) {
      ++at;
      continue;
    }
    const std::size_t end = word_end(line, at);
    const std::string_view word = line.substr(at, end - at);
    const bool is_part = at > 0 && (line[at - 1] == '.' || line[at - 1] == '$');
    const bool is_call = end < line.size() && line[end] == '(' && !defines;
    const auto known = paths_.find(is_call ? std::string(word) + "()" : std::string(word));
    at = end;
    if (known == paths_.end() || is_part) continue;
    const std::string path = known->second;
    const std::size_t from = is_call ? past_parenthesis(line, end) : end;
    if (const std::string value = compared_with(line, from); !value.empty()) note(path, value);
    at = std::max(end, follow(line, from, path, note));
    if (at == from && (is_call || (!looped_in(line).empty() && !path.empty())))
      name_parts(line, is_call ? assigned : std::string_view(), path);
  }
}

}  // namespace skillaudit
