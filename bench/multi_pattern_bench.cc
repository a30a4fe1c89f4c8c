// How fast a body is searched for every form of every decoy of a furnished home, on one core.

#include <fmt/core.h>

#include <algorithm>
#include <ctime>
#include <functional>
#include <random>

#include "harness/sensors/decoys.h"
#include "harness/sensors/encodings.h"
#include "harness/sensors/multi_pattern.h"

using namespace skillaudit;

namespace {

constexpr std::size_t kBytes = 64U << 20;

/// Processor time, so that what else runs on the machine counts little.
double cpu_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

double best_of_five(const std::function<void()>& work) {
  double best = 1e9;
  for (int i = 0; i < 5; ++i) {
    const double start = cpu_seconds();
    work();
    best = std::min(best, cpu_seconds() - start);
  }
  return best;
}

std::string text_of(std::string_view alphabet) {
  std::mt19937 random(1);
  std::string text(kBytes, '\0');
  for (char& c : text) c = alphabet[random() % alphabet.size()];
  return text;
}

}  // namespace

int main() {
  const FurnishedHome home = furnish_home("/home/ubuntu");
  std::vector<std::string> patterns;
  for (const Decoy& decoy : home.decoys) {
    for (Needle& needle : needles_of(decoy.nonce)) patterns.push_back(std::move(needle.bytes));
  }
  const MultiPattern matcher(patterns);
  const double built = best_of_five([&] { (void)MultiPattern(patterns); });
  fmt::print("{} patterns, {} states, table of {:.1f} MiB, built in {:.1f} ms\n", patterns.size(),
             matcher.states(), static_cast<double>(matcher.table_size()) / (1 << 20), built * 1000);

  std::string all_bytes;
  for (int i = 0; i < 256; ++i) all_bytes += static_cast<char>(i);
  // What an adversary would send: text that walks deep into the automaton and never arrives.
  std::string prefixes;
  std::mt19937 random(2);
  while (prefixes.size() < kBytes) {
    const std::string& pattern = patterns[random() % patterns.size()];
    prefixes += pattern.substr(0, pattern.size() - 1);
  }
  const std::pair<const char*, std::string> texts[] = {
      {"English-like", text_of("etaoin shrdlu cmfwyp vbgkqj xz .,\n")},
      {"Base64", text_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")},
      {"hex", text_of("0123456789abcdef")},
      {"random bytes", text_of(all_bytes)},
      {"hostile: all prefixes", std::move(prefixes)},
  };
  std::size_t found = 0;
  for (const auto& [name, text] : texts) {
    const double seconds =
        best_of_five([&, &bytes = text] { found += matcher.find(bytes).size(); });
    fmt::print("{:<22} {:6.0f} MB/s\n", name, static_cast<double>(text.size()) / seconds / 1e6);
  }
  return found > patterns.size() * 25 ? 1 : 0;
}
