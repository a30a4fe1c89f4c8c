#include "harness/skill/placeholder.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <string>

#include "harness/base/ascii.h"

namespace skillaudit {
namespace {

// Long enough that a random token of 40 characters holds one once in ten thousand.
constexpr auto kWords = std::to_array<std::string_view>(
    {"example", "xxxx", "your", "placeholder", "redacted", "dummy", "fake", "sample", "changeme",
     "secret", "token", "apikey", "test", "...", "***", "____", "-----"});
constexpr std::size_t kLongestCount = 6;
constexpr std::size_t kLongestRepeat = 4;
// What says nothing in the first few hundred characters says nothing further on.
constexpr std::size_t kMostLookedAt = 512;

/// The longest run in which each character is the one before plus `step`.
std::size_t longest_run(std::string_view text, int step) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    run = i > 0 && text[i] == text[i - 1] + step ? run + 1 : 1;
    longest = std::max(longest, run);
  }
  return longest;
}

std::size_t different(std::string_view text) {
  std::bitset<256> seen;
  for (const char c : text) seen.set(static_cast<unsigned char>(c));
  return seen.count();
}

}  // namespace

bool is_placeholder(std::string_view secret) {
  const std::string text = ascii_lower(secret.substr(0, kMostLookedAt));
  if (std::any_of(kWords.begin(), kWords.end(),
                  [&](std::string_view word) { return text.find(word) != std::string::npos; }))
    return true;
  if (longest_run(text, 0) >= kLongestRepeat + 1 || longest_run(text, 1) >= kLongestCount ||
      longest_run(text, -1) >= kLongestCount)
    return true;
  return different(text) < std::min<std::size_t>(text.size() / 3 + 1, 10);
}

}  // namespace skillaudit
