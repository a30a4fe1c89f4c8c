#include "harness/snapshot/frames.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdint>

#include "harness/base/text.h"
#include "harness/snapshot/fields.h"

namespace skillaudit {
namespace {

constexpr std::string_view kMagic = "skillaudit-capture 1\n";
constexpr std::size_t kMaxPrefix = 64 * 1024;
/// A message may quote a path, which has at most 4,096 bytes.
constexpr std::size_t kMaxHeader = 16 * 1024;
constexpr std::size_t kMaxMessage = 512;

/// Takes the bytes up to the next line feed off `rest`; false when there is none in reach.
bool take_line(std::string_view& rest, std::string_view& line) {
  const std::size_t end = rest.substr(0, kMaxHeader).find('\n');
  if (end == std::string_view::npos) return false;
  line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return true;
}

std::string_view take_word(std::string_view& line) {
  const std::size_t end = line.find(' ');
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
  return word;
}

/// The start of the stream, after what a login shell may have said before it.
std::size_t find_magic(std::string_view stream) {
  if (stream.starts_with(kMagic)) return 0;
  const std::size_t at =
      stream.substr(0, kMaxPrefix + kMagic.size()).find("\n" + std::string(kMagic));
  return at == std::string_view::npos ? at : at + 1;
}

/// Empty when the frame was taken, else what is wrong.
std::string take_frame(std::string_view line, std::string_view& rest,
                       const std::vector<std::string_view>& expected, std::vector<Frame>& frames) {
  const std::string_view name = take_word(line);
  const auto exit_code = parse_number<int>(take_word(line));
  const auto size = parse_number<std::uint64_t>(take_word(line));
  if (!exit_code || !size) {
    return fmt::format("the header of table '{}' is malformed", printable(shorten(name, 64)));
  }
  if (std::find(expected.begin(), expected.end(), name) == expected.end()) {
    return fmt::format("table '{}' is unknown", printable(shorten(name, 64)));
  }
  if (std::any_of(frames.begin(), frames.end(), [&](const Frame& f) { return f.name == name; })) {
    return fmt::format("table '{}' came twice", name);
  }
  if (*size >= rest.size()) {
    return fmt::format("it ends inside table '{}', after {} of {} bytes", name, rest.size(), *size);
  }
  if (rest[*size] != '\n') return fmt::format("table '{}' is longer than its header says", name);
  frames.push_back({std::string(name), *exit_code, std::string(line.substr(0, kMaxMessage)),
                    rest.substr(0, *size)});
  rest.remove_prefix(*size + 1);
  return {};
}

}  // namespace

Frames split_frames(std::string_view stream, const std::vector<std::string_view>& expected) {
  Frames result;
  const std::size_t start = find_magic(stream);
  if (start == std::string_view::npos) {
    result.damage = stream.empty() ? "it is empty" : "it does not begin as one";
    return result;
  }
  std::string_view rest = stream.substr(start + kMagic.size());
  for (;;) {
    std::string_view line;
    if (!take_line(rest, line)) {
      result.damage = "it has no end";
      return result;
    }
    const std::string_view kind = take_word(line);
    if (kind == "end") {
      result.end = stream.size() - rest.size();
      if (parse_number<std::size_t>(line) != result.frames.size()) {
        result.damage = "it names another number of tables at its end than came";
      } else if (!rest.empty()) {
        result.damage = fmt::format("{} follow its end", count_of(rest.size(), "byte"));
      }
      return result;
    }
    if (kind != "table") {
      result.damage = "something else stands where a table should begin";
      return result;
    }
    result.damage = take_frame(line, rest, expected, result.frames);
    if (!result.damage.empty()) return result;
  }
}

}  // namespace skillaudit
