#include "harness/base/glob.h"

namespace skillaudit {

bool matches_glob(std::string_view pattern, std::string_view text) {
  std::size_t at = 0;
  std::size_t in = 0;
  std::size_t star = std::string_view::npos;  // the last one seen, and where its run ends so far
  std::size_t run_end = 0;
  while (in < text.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      run_end = in;
    } else if (at < pattern.size() && (pattern[at] == '?' || pattern[at] == text[in])) {
      ++at;
      ++in;
    } else if (star != std::string_view::npos) {
      at = star + 1;
      in = ++run_end;
    } else {
      return false;
    }
  }
  while (at < pattern.size() && pattern[at] == '*') ++at;
  return at == pattern.size();
}

bool matches_path_glob(std::string_view pattern, std::string_view path) {
  constexpr std::size_t kNone = std::string_view::npos;
  std::size_t at = 0;
  std::size_t in = 0;
  // The last `*` and the last `**`: what follows them in the pattern, and where their runs end so
  // far. No earlier one need be tried again: a longer run of it leaves less for what follows.
  std::size_t star = kNone, star_end = 0;
  std::size_t stars = kNone, stars_end = 0;
  while (in < path.size()) {
    if (pattern.substr(at).starts_with("**")) {
      at += 2;
      stars = at;
      stars_end = in;
      star = kNone;
    } else if (at < pattern.size() && pattern[at] == '*') {
      star = ++at;
      star_end = in;
    } else if (at < pattern.size() && pattern[at] == path[in]) {
      ++at;
      ++in;
    } else if (star != kNone && path[star_end] != '/') {
      at = star;
      in = ++star_end;
    } else if (stars != kNone) {
      at = stars;
      in = ++stars_end;
      star = kNone;
    } else {
      return false;
    }
  }
  while (at < pattern.size() && pattern[at] == '*') ++at;
  return at == pattern.size();
}

}  // namespace skillaudit
