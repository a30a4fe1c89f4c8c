#pragma once

#include <concepts>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace skillaudit::json_fields {

/// A value type's shape in JSON is stated once, as a function that shows each field with its name
/// to a visitor: Writer or Reader.
///
///     template <typename Visitor, Of<Decoy> T>
///     void fields(Visitor& visit, T& decoy) {
///       visit.field("name", decoy.name).field("path", decoy.path);
///     }

using Json = nlohmann::ordered_json;

/// T or const T: what is written is const, what is read is not.
template <typename Given, typename T>
concept Of = std::same_as<std::remove_const_t<Given>, T>;

[[noreturn]] void refuse(const std::string& message);

/// Any bytes of the skill or the guest, as UTF-8.
[[nodiscard]] Json written(const std::string& bytes);

template <typename T>
requires std::is_arithmetic_v<T>
[[nodiscard]] Json written(const T& value) { return value; }

template <typename T>
[[nodiscard]] Json written(const T& value);

template <typename T>
[[nodiscard]] Json written(const std::optional<T>& value) {
  return value ? written(*value) : Json(nullptr);
}

template <typename T>
[[nodiscard]] Json written(const std::vector<T>& items) {
  Json list = Json::array();
  for (const T& item : items) list.push_back(written(item));
  return list;
}

/// Builds an object, its fields in the order in which they are shown.
class Writer {
 public:
  template <typename T>
  Writer& field(const char* name, const T& value) {
    object_[name] = written(value);
    return *this;
  }
  template <typename T>
  Writer& later(const char* name, const T& value) {
    return field(name, value);
  }
  [[nodiscard]] Json take() { return std::move(object_); }

 private:
  Json object_ = Json::object();
};

template <typename T>
Json written(const T& value) {
  Writer writer;
  fields(writer, value);
  return writer.take();
}

// One overload of read() for each type that a field can have; nlohmann's own conversions would turn
// true into 1 and 1.5 into 1. `what` names the place: "execution.steps[2].ran".

void read(const Json& value, const std::string& what, std::string& out);
void read(const Json& value, const std::string& what, bool& out);
void read(const Json& value, const std::string& what, double& out);

template <std::integral Integer>
void read(const Json& value, const std::string& what, Integer& out) {
  if (!value.is_number_integer()) refuse(what + " is not a whole number");
  const bool fits = value.is_number_unsigned() ? std::in_range<Integer>(value.get<std::uint64_t>())
                                               : std::in_range<Integer>(value.get<std::int64_t>());
  if (!fits) refuse(what + " is out of range");
  out = value.get<Integer>();
}

template <typename T>
void read(const Json& value, const std::string& what, T& out);

template <typename T>
void read(const Json& value, const std::string& what, std::optional<T>& out) {
  out.reset();
  if (!value.is_null()) read(value, what, out.emplace());
}

template <typename T>
void read(const Json& value, const std::string& what, std::vector<T>& out) {
  if (!value.is_array()) refuse(what + " is not a list");
  out.clear();
  for (std::size_t i = 0; i < value.size(); ++i)
    read(value[i], what + "[" + std::to_string(i) + "]", out.emplace_back());
}

/// Reads an object, each field of which must be there unless it came later; finish() refuses any
/// other.
class Reader {
 public:
  Reader(const Json& object, std::string what);

  template <typename T>
  Reader& field(const char* name, T& out) {
    read(at(name), what_ + "." + name, out);
    return *this;
  }
  /// A field that came later than the bundle's schema: what has none keeps its default.
  template <typename T>
  Reader& later(const char* name, T& out) {
    if (has(name)) field(name, out);
    return *this;
  }
  void finish() const;

 private:
  [[nodiscard]] bool has(const char* name) const { return object_.contains(name); }
  const Json& at(const char* name);

  const Json& object_;
  std::string what_;
  std::set<std::string> known_;
};

template <typename T>
void read(const Json& value, const std::string& what, T& out) {
  Reader reader(value, what);
  fields(reader, out);
  reader.finish();
}

/// A whole value; `what` names it in errors.
template <typename T>
[[nodiscard]] T read_as(const Json& value, const std::string& what) {
  T out;
  read(value, what, out);
  return out;
}

}  // namespace skillaudit::json_fields
