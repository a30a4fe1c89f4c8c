#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>

namespace skillaudit {

/// The whole of `text` as a number: no blanks, no sign unless Number is signed, no overflow.
template <typename Number>
[[nodiscard]] std::optional<Number> parse_number(std::string_view text, int base = 10) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

/// Reads fields that end in NUL, and blobs of a stated length, from the front of a table.
class FieldReader {
 public:
  explicit FieldReader(std::string_view bytes) : rest_(bytes) {}
  [[nodiscard]] bool done() const { return rest_.empty(); }
  [[nodiscard]] std::string_view rest() const { return rest_; }
  /// The next field without its NUL; none when the table ends without one.
  std::optional<std::string_view> field() {
    const std::size_t end = rest_.find('\0');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view value = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return value;
  }
  /// A field that holds a length, then that many bytes.
  std::optional<std::string_view> blob() {
    const auto length_field = field();
    if (!length_field) return std::nullopt;
    const auto length = parse_number<std::size_t>(*length_field);
    if (!length || *length > rest_.size()) return std::nullopt;
    const std::string_view value = rest_.substr(0, *length);
    rest_.remove_prefix(*length);
    return value;
  }

 private:
  std::string_view rest_;
};

/// Takes the next word off a line whose words are parted by blanks; empty at its end.
[[nodiscard]] inline std::string_view next_word(std::string_view& line) {
  const std::size_t begin = line.find_first_not_of(" \t");
  if (begin == std::string_view::npos) {
    line = {};
    return {};
  }
  const std::size_t end = line.find_first_of(" \t", begin);
  const std::string_view word = line.substr(begin, end - begin);
  line = end == std::string_view::npos ? std::string_view{} : line.substr(end);
  return word;
}

}  // namespace skillaudit
