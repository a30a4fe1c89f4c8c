#include "harness/base/code_spans.h"

#include <algorithm>

namespace skillaudit {
namespace {

constexpr auto kNone = std::string_view::npos;

std::size_t run_at(std::string_view text, std::size_t at) {
  return std::min(text.find_first_not_of('`', at), text.size()) - at;
}

std::size_t longest_run(std::string_view text) {
  std::size_t longest = 0;
  for (std::size_t at = text.find('`'); at != kNone;) {
    const std::size_t run = run_at(text, at);
    longest = std::max(longest, run);
    at = text.find('`', at + run);
  }
  return longest;
}

/// Where the fence of `length` backticks comes again, from `at` on.
std::size_t closing(std::string_view text, std::size_t at, std::size_t length) {
  for (at = text.find('`', at); at != kNone;) {
    const std::size_t run = run_at(text, at);
    if (run == length) return at;
    at = text.find('`', at + run);
  }
  return kNone;
}

}  // namespace

std::string code_span(std::string_view text) {
  const std::string fence(longest_run(text) + 1, '`');
  const std::string_view pad = fence.size() > 1 ? " " : "";
  return fence + std::string(pad) + std::string(text) + std::string(pad) + fence;
}

std::vector<TextPart> code_spans(std::string_view sentence) {
  std::vector<TextPart> parts;
  const auto add = [&](std::string_view text, bool code) {
    if (code || !text.empty()) parts.push_back({text, code});
  };
  std::size_t done = 0;
  for (std::size_t open = sentence.find('`'); open != kNone;) {
    const std::size_t fence = run_at(sentence, open);
    const std::size_t close = closing(sentence, open + fence, fence);
    if (close == kNone) {
      open = sentence.find('`', open + fence);
      continue;
    }
    add(sentence.substr(done, open - done), false);
    std::string_view code = sentence.substr(open + fence, close - open - fence);
    if (fence > 1 && code.size() > 1 && code.front() == ' ' && code.back() == ' ')
      code = code.substr(1, code.size() - 2);
    add(code, true);
    done = close + fence;
    open = sentence.find('`', done);
  }
  add(sentence.substr(done), false);
  return parts;
}

}  // namespace skillaudit
