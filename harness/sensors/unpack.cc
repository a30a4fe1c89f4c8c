#include "harness/sensors/unpack.h"

#include <algorithm>
#include <deque>

#include "harness/sensors/encodings.h"
#include "harness/sensors/inflate.h"

namespace skillaudit {
namespace {

/// Shorter runs are words and numbers; the shortest secret looked for is longer than what they
/// hold.
constexpr std::size_t kShortestBase64Run = 24;
constexpr std::size_t kShortestHexRun = 32;

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_base64(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '+' ||
         c == '/' || c == '-' || c == '_';
}

/// `digits` hexadecimal digits at `at`, or -1.
int hex_at(std::string_view text, std::size_t at, std::size_t digits) {
  if (at + digits > text.size()) return -1;
  int value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    const int digit = hex_value(text[at + i]);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

/// Without what people and programs put between the characters of a secret: white space, NUL
/// (UTF-16),
/// "\n" and "\/" as JSON writes them, soft line breaks of quoted-printable. \u002b becomes "+".
std::string squeezed(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == ' ' || (c >= '\t' && c <= '\r') || c == '\0') continue;
    if (c == '=' && i + 1 < text.size() && (text[i + 1] == '\n' || text.substr(i + 1, 2) == "\r\n"))
      continue;
    if (c != '\\') {
      out += c;
      continue;
    }
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    if (next == 'u') {
      if (const int value = hex_at(text, i + 2, 4); value >= 0 && value < 0x80) {
        out += static_cast<char>(value);
        i += 5;
      }
    } else if (next == 'x') {
      if (const int value = hex_at(text, i + 2, 2); value >= 0) {
        out += static_cast<char>(value);
        i += 3;
      }
    } else if (next == 'n' || next == 'r' || next == 't') {
      ++i;
    }
  }
  return out;
}

/// Also HTML's and others' "+" for a space is left alone: the squeezed view takes care of spaces.
std::string percent_decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int value = text[i] == '%' ? hex_at(text, i + 1, 2) : -1;
    out += value < 0 ? text[i] : static_cast<char>(value);
    if (value >= 0) i += 2;
  }
  return out;
}

/// The runs of `is_digit` of at least `shortest` characters, each decoded, one after the other: a
/// text that was wrapped into lines of whole groups is in one piece again.
template <typename IsDigit, typename Decode>
std::string decoded_runs(std::string_view text, std::size_t shortest, IsDigit is_digit,
                         Decode decode) {
  std::string out;
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = begin;
    while (end < text.size() && is_digit(text[end])) ++end;
    if (end - begin >= shortest) out += decode(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

std::string base64_runs(std::string_view text) {
  return decoded_runs(text, kShortestBase64Run, is_base64, base64_decoded);
}

std::string hex_runs(std::string_view text) {
  return decoded_runs(
      text, kShortestHexRun, [](char c) { return hex_value(c) >= 0; },
      [](std::string_view run) {
        std::string out;
        for (std::size_t i = 0; i + 1 < run.size(); i += 2)
          out += static_cast<char>(hex_at(run, i, 2));
        return out;
      });
}

struct View {
  std::string bytes;
  std::string layers;
  int depth = 0;
  bool squeezed = false;
};

}  // namespace

bool unpack(std::string_view text, const UnpackLimits& limits, const ViewVisitor& visit) {
  std::deque<View> waiting;
  waiting.push_back({std::string(text), "", 0, false});
  std::size_t derived = limits.derived;
  InflateBudget inflate{limits.inflated, limits.consumed, false};
  bool complete = true;
  while (!waiting.empty()) {
    const View view = std::move(waiting.front());
    waiting.pop_front();
    if (!visit(view.bytes, view.layers)) return complete;
    const auto add = [&](std::string bytes, const std::string& layer, bool is_squeezed) {
      if (bytes.empty() || bytes == view.bytes) return;
      if (bytes.size() > derived) {
        complete = false;
        bytes.resize(derived);
      }
      derived -= bytes.size();
      if (bytes.empty()) return;
      std::string layers = view.layers;
      if (!layer.empty()) layers = view.layers.empty() ? layer : layer + " in " + view.layers;
      waiting.push_back(
          {std::move(bytes), std::move(layers), view.depth + (layer.empty() ? 0 : 1), is_squeezed});
    };
    if (!view.squeezed) add(squeezed(view.bytes), "", true);
    if (view.depth >= limits.depth) continue;
    add(percent_decoded(view.bytes), "percent-encoding", false);
    add(base64_runs(view.bytes), "base64", false);
    add(hex_runs(view.bytes), "hex", false);
    if (!view.squeezed) add(inflate_all(view.bytes, inflate), "gzip", false);
    if (inflate.exhausted) complete = false;
  }
  return complete;
}

}  // namespace skillaudit
