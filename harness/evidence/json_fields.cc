#include "harness/evidence/json_fields.h"

#include "harness/base/text.h"

namespace skillaudit::json_fields {

void refuse(const std::string& message) {
  throw nlohmann::json::other_error::create(501, message, nullptr);
}

Json written(const std::string& bytes) { return as_utf8(bytes); }

void read(const Json& value, const std::string& what, std::string& out) {
  if (!value.is_string()) refuse(what + " is not a string");
  out = value.get<std::string>();
}

void read(const Json& value, const std::string& what, bool& out) {
  if (!value.is_boolean()) refuse(what + " is not true or false");
  out = value.get<bool>();
}

void read(const Json& value, const std::string& what, double& out) {
  if (!value.is_number()) refuse(what + " is not a number");
  out = value.get<double>();
}

Reader::Reader(const Json& object, std::string what) : object_(object), what_(std::move(what)) {
  if (!object.is_object()) refuse(what_ + " is not an object");
}

const Json& Reader::at(const char* name) {
  const auto found = object_.find(name);
  if (found == object_.end()) refuse(what_ + " has no field " + name);
  known_.insert(name);
  return *found;
}

void Reader::finish() const {
  for (const auto& [name, value] : object_.items()) {
    if (!known_.contains(name))
      refuse(what_ + " has an unknown field " + shorten(printable(name), 80));
  }
}

}  // namespace skillaudit::json_fields
