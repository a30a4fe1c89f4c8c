#include "harness/traffic/url_path.h"

#include <algorithm>

#include "harness/base/text.h"

namespace skillaudit {
namespace {

constexpr int kMostDecodings = 5;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_escape(std::string_view text, std::size_t at) {
  return text[at] == '%' && at + 2 < text.size() && hex_digit(text[at + 1]) >= 0 &&
         hex_digit(text[at + 2]) >= 0;
}

std::string decoded_once(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = is_escape(text, i);
    decoded +=
        escape ? static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2])) : text[i];
    if (escape) i += 2;
  }
  return decoded;
}

bool has_dot_segment(std::string_view path) {
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find_first_of("/\\", at), path.size());
    std::string_view segment = path.substr(at, end - at);
    segment = segment.substr(0, segment.find(';'));  // where some servers cut it off
    if (segment == "." || segment == "..") return true;
    at = end + 1;
  }
  return false;
}

/// What is wrong with one round of decoding, else empty.
std::string_view problem_of(std::string_view text) {
  if (!is_utf8(text)) return "escapes that are not UTF-8";
  if (std::any_of(text.begin(), text.end(),
                  [](char c) { return (c >= 0 && c < ' ') || c == 0x7f; }))
    return "an escaped control character";
  if (has_dot_segment(text)) return "a '.' or '..' segment";
  return {};
}

std::string with_single_slashes(std::string path) {
  std::replace(path.begin(), path.end(), '\\', '/');
  path.erase(
      std::unique(path.begin(), path.end(), [](char a, char b) { return a == '/' && b == '/'; }),
      path.end());
  return path;
}

}  // namespace

DecodedPath decode_path(std::string_view path) {
  for (std::size_t at = path.find('%'); at != std::string_view::npos; at = path.find('%', at + 1))
    if (!is_escape(path, at)) return {"", "a '%' that does not start an escape"};
  std::string text(path);
  for (int round = 0; round < kMostDecodings; ++round) {
    if (const std::string_view problem = problem_of(text); !problem.empty()) return {"", problem};
    std::string decoded = decoded_once(text);
    if (decoded == text) return {with_single_slashes(std::move(text)), {}};
    text = std::move(decoded);
  }
  return {"", "escapes inside escapes"};
}

}  // namespace skillaudit
