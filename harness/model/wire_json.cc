#include "harness/model/wire_json.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/json_text.h"
#include "harness/base/text.h"

namespace skillaudit::wire {
namespace {

/// How deep brackets nest outside of strings. Counted before parsing: what walks a value is
/// recursive, and a body of brackets alone would exhaust the stack.
int depth_of(std::string_view body) {
  int depth = 0;
  int deepest = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < body.size(); ++i) {
    const char c = body[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      deepest = std::max(deepest, ++depth);
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return deepest;
}

}  // namespace

Json try_json(std::string_view body) {
  if (body.size() > kMostModelBytes || depth_of(body) > kDeepestModelJson)
    return Json(Json::value_t::discarded);
  return Json::parse(body, nullptr, /*allow_exceptions=*/false);
}

Json parse_json(std::string_view body, std::string_view what) {
  if (body.size() > kMostModelBytes)
    fail(ErrorKind::Evidence, "{} has {}, the limit is {}", what, human_bytes(body.size()),
         human_bytes(kMostModelBytes));
  if (depth_of(body) > kDeepestModelJson)
    fail(ErrorKind::Evidence, "{} is nested deeper than {} levels", what, kDeepestModelJson);
  Json value = Json::parse(body, nullptr, /*allow_exceptions=*/false);
  if (value.is_discarded())
    fail(ErrorKind::Evidence, "{} is not JSON: it starts with \"{}\"", what,
         shorten(printable(body.substr(0, 80)), 80));
  return value;
}

std::string dump(const Json& value) { return json_text(value); }

Place Place::operator[](const char* key) const {
  static const Json kAbsent;
  if (!value_->is_object()) refuse("an object");
  const auto found = value_->find(key);
  std::string path = path_.empty() ? key : path_ + "." + key;
  return {found == value_->end() ? kAbsent : *found, std::move(path)};
}

std::vector<Place> Place::items() const {
  std::vector<Place> list;
  if (value_->is_null()) return list;
  if (!value_->is_array()) refuse("a list");
  list.reserve(value_->size());
  for (std::size_t i = 0; i < value_->size(); ++i)
    list.emplace_back((*value_)[i], fmt::format("{}[{}]", path_, i));
  return list;
}

std::string Place::text() const {
  if (!value_->is_string()) refuse("text");
  return value_->get<std::string>();
}

std::string Place::text_or_empty() const { return value_->is_null() ? std::string() : text(); }

bool Place::truth() const {
  if (value_->is_null()) return false;
  if (!value_->is_boolean()) refuse("true or false");
  return value_->get<bool>();
}

std::uint64_t Place::count() const {
  return value_->is_number_unsigned() ? value_->get<std::uint64_t>() : 0;
}

void Place::refuse(std::string_view expected) const {
  const std::string found =
      value_->is_null() ? "missing" : fmt::format("of type {}", value_->type_name());
  fail(ErrorKind::Evidence, "{} is {}, but must be {}",
       path_.empty() ? "the whole" : shorten(printable(path_), 200), found, expected);
}

void add_part(ChatMessage& message, std::string text) {
  if (!message.parts.empty()) message.text += '\n';
  message.text += text;
  message.parts.push_back(std::move(text));
}

Json arguments_from(std::string_view text) {
  if (trim(text).empty()) return Json::object();
  Json value = try_json(text);
  return value.is_object() ? value : Json();
}

std::vector<Event> parse_events(std::string_view body) {
  std::vector<Event> events;
  Event current;
  bool has_data = false;
  const auto finish = [&] {
    if (has_data) events.push_back(std::move(current));
    current = {};
    has_data = false;
  };
  while (!body.empty()) {
    const std::size_t end = std::min(body.find_first_of("\r\n"), body.size());
    const std::string_view line = body.substr(0, end);
    const bool pair = body.substr(end).starts_with("\r\n");
    body.remove_prefix(std::min(end + (pair ? 2 : 1), body.size()));
    if (line.empty()) {
      finish();
      continue;
    }
    const std::size_t colon = std::min(line.find(':'), line.size());
    const std::string_view field = line.substr(0, colon);
    std::string_view value = line.substr(std::min(colon + 1, line.size()));
    if (value.starts_with(' ')) value.remove_prefix(1);
    if (field == "event") current.type = value;
    if (field != "data") continue;
    if (has_data) current.data += '\n';
    current.data += value;
    has_data = true;
  }
  // The standard drops an event that no blank line ends; hosts do close right after the last one.
  finish();
  return events;
}

std::string event(std::string_view type, const Json& data) {
  const std::string head = type.empty() ? "" : fmt::format("event: {}\n", type);
  return fmt::format("{}data: {}\n\n", head, dump(data));
}

}  // namespace skillaudit::wire
