#include "harness/sensors/xor_search.h"

#include <cstring>

namespace skillaudit {

XorSearch::XorSearch(const std::vector<std::string>& strings)
    : strings_(strings), filter_((std::size_t{1} << kFilterBits) / 64) {
  for (std::size_t i = 0; i < strings_.size(); ++i) {
    const std::string& string = strings_[i];
    if (string.size() < kShortest) continue;
    // Only the first places: one of any kStride in a row stands at a multiple of it in the text.
    for (std::size_t offset = 0; offset < kStride; ++offset) {
      const std::uint64_t gram = differences_at(string.data() + offset);
      const std::size_t bit = hash(gram);
      filter_[bit / 64] |= std::uint64_t{1} << (bit % 64);
      places_[gram].push_back({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(offset)});
    }
  }
}

std::uint64_t XorSearch::differences_at(const char* bytes) {
  std::uint64_t first = 0;
  std::uint64_t second = 0;
  std::memcpy(&first, bytes, kGram);
  std::memcpy(&second, bytes + 1, kGram);
  return first ^ second;
}

/// The upper bits of a product with an odd constant (Fibonacci hashing, Knuth, volume 3, 6.4).
std::size_t XorSearch::hash(std::uint64_t gram) {
  return static_cast<std::size_t>((gram * 0x9e3779b97f4a7c15ULL) >> (64 - kFilterBits));
}

/// Under the key that the first byte tells.
bool XorSearch::matches(std::string_view text, std::size_t begin, std::uint32_t string) const {
  const std::string& wanted = strings_[string];
  const char key = static_cast<char>(text[begin] ^ wanted[0]);
  for (std::size_t i = 1; i < wanted.size(); ++i)
    if (static_cast<char>(text[begin + i] ^ wanted[i]) != key) return false;
  return true;
}

XorSearch::Found XorSearch::find(std::string_view text) const {
  std::vector<bool> plain(strings_.size());
  std::vector<bool> masked(strings_.size());
  for (std::size_t at = 0; at + kGram < text.size(); at += kStride) {
    const std::uint64_t gram = differences_at(text.data() + at);
    const std::size_t bit = hash(gram);
    if ((filter_[bit / 64] >> (bit % 64) & 1) == 0) [[likely]]
      continue;
    const auto places = places_.find(gram);
    if (places == places_.end()) continue;
    for (const Place place : places->second) {
      const std::string& wanted = strings_[place.string];
      if (place.offset > at) continue;
      const std::size_t begin = at - place.offset;
      if (text.size() - begin < wanted.size()) continue;
      std::vector<bool>& found = text[begin] == wanted[0] ? plain : masked;
      // What was found once is not compared again: text that repeats it costs no more.
      if (!found[place.string] && matches(text, begin, place.string)) found[place.string] = true;
    }
  }
  Found indices;
  for (std::size_t i = 0; i < strings_.size(); ++i) {
    if (plain[i]) indices.plain.push_back(i);
    if (masked[i]) indices.masked.push_back(i);
  }
  return indices;
}

}  // namespace skillaudit
