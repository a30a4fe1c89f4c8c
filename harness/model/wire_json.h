#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/conversation.h"

namespace skillaudit::wire {

using Json = nlohmann::json;

/// The body as JSON, within the bounds of conversation.h. `what` names it: "the request".
/// All functions throw Error{Evidence}.
[[nodiscard]] Json parse_json(std::string_view body, std::string_view what);

/// As parse_json(), but a discarded value for what is none.
[[nodiscard]] Json try_json(std::string_view body);

[[nodiscard]] std::string dump(const Json& value);

/// A value with the way that led to it, so that a complaint can name the place:
/// "messages[2].content[0].text is a number, not text".
class Place {
 public:
  Place(const Json& value, std::string path) : value_(&value), path_(std::move(path)) {}

  [[nodiscard]] const Json& value() const { return *value_; }
  [[nodiscard]] bool is_string() const { return value_->is_string(); }
  [[nodiscard]] bool is_array() const { return value_->is_array(); }
  [[nodiscard]] bool is_object() const { return value_->is_object(); }
  [[nodiscard]] bool is_null() const { return value_->is_null(); }

  /// A field of an object; null where it is absent. Fails where this is no object.
  [[nodiscard]] Place operator[](const char* key) const;
  /// The items of an array; none for null. Fails for anything else.
  [[nodiscard]] std::vector<Place> items() const;
  [[nodiscard]] std::string text() const;           ///< fails for what is no text
  [[nodiscard]] std::string text_or_empty() const;  ///< as text(), but null is empty
  [[nodiscard]] bool truth() const;                 ///< null is false
  [[nodiscard]] std::uint64_t count() const;        ///< null and what is negative or no number is 0
  [[noreturn]] void refuse(std::string_view expected) const;

 private:
  const Json* value_;
  std::string path_;
};

/// Adds a text to the message, as a part of its own.
void add_part(ChatMessage& message, std::string text);

/// The object in a text that should hold one ("arguments"), {} for an empty text, else null.
[[nodiscard]] Json arguments_from(std::string_view text);

/// One server-sent event (https://html.spec.whatwg.org/multipage/server-sent-events.html).
struct Event {
  std::string type;  ///< empty: "message"
  std::string data;
};
[[nodiscard]] std::vector<Event> parse_events(std::string_view body);

/// "event: TYPE\ndata: {…}\n\n"; without the first line for an empty type.
[[nodiscard]] std::string event(std::string_view type, const Json& data);

}  // namespace skillaudit::wire
