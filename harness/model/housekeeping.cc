#include "harness/model/housekeeping.h"

#include <algorithm>

#include "harness/base/ascii.h"
#include "harness/model/wire_json.h"

namespace skillaudit {
namespace {

using nlohmann::json;

constexpr const char* kText = "Untitled";

const json& at(const json& object, const char* key) {
  static const json kNone;
  const auto found = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && found != object.end() ? *found : kNone;
}

/// The type in lower case, as Gemini writes it in capitals; of several the first that is not null.
std::string type_of(const json& schema) {
  const json* type = &at(schema, "type");
  if (type->is_array())
    for (const json& one : at(schema, "type"))
      if (one != "null") {
        type = &one;
        break;
      }
  const std::string name = ascii_lower(type->is_string() ? type->get<std::string>() : "");
  if (name.empty() && at(schema, "properties").is_object()) return "object";
  return name;
}

json least_value(const json& schema);

json least_object(const json& schema) {
  json object = json::object();
  const json& properties = at(schema, "properties");
  for (const json& name : at(schema, "required"))
    if (name.is_string())
      object[name.get<std::string>()] =
          least_value(at(properties, name.get<std::string>().c_str()));
  return object;
}

json least_value(const json& schema) {
  if (const json& options = at(schema, "enum"); options.is_array() && !options.empty())
    return options[0];
  if (!at(schema, "const").is_null()) return at(schema, "const");
  for (const char* key : {"anyOf", "oneOf", "allOf"})
    if (const json& options = at(schema, key); options.is_array() && !options.empty())
      return least_value(options[0]);
  const std::string type = type_of(schema);
  if (type == "object") return least_object(schema);
  if (type == "array") {
    const json& least = at(schema, "minItems");
    return least.is_number_unsigned() && least.get<std::uint64_t>() > 0
               ? json::array({least_value(at(schema, "items"))})
               : json::array();
  }
  if (type == "boolean") return false;
  if (type == "number" || type == "integer") {
    const json& least = at(schema, "minimum");
    // What is counted mostly starts at one, and what is measured at zero.
    return least.is_number() ? least : json(type == "integer" ? 1 : 0);
  }
  return kText;
}

}  // namespace

bool is_housekeeping(const ModelRequest& request) { return request.tools.empty(); }

ModelReply housekeeping_reply(const ModelRequest& request) {
  if (!request.response_schema.is_object()) return {.text = kText};
  return {.text = wire::dump(least_value(request.response_schema))};
}

}  // namespace skillaudit
