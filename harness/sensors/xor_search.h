#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace skillaudit {

/// Looks for byte strings under XOR with one unknown byte. What neighbouring bytes give when they
/// are put together by XOR does not depend on that byte (a^k ^ b^k = a^b), so that one pass over
/// these differences, with those of the strings, covers all 256 keys.
///
/// Strings are long (kShortest) and random, so that a text need not be read at each place: of any
/// kShortest bytes, one place that is a multiple of kStride begins kGram bytes of the string. These
/// are looked up in a table, and compared as a whole where they are there. A hostile text that is
/// made of pieces of the strings costs one comparison for each kStride bytes, which ends where the
/// text differs.
///
/// The key 0 is the plain search, so that it needs no pass of its own: this is why no matcher that
/// reads each byte (MultiPattern, Hyperscan) looks for the long strings.
///
/// Immutable after construction, and safe to use from several threads.
class XorSearch {
 public:
  /// Bytes of the shortest string that can be looked for: shorter ones are passed over.
  static constexpr std::size_t kShortest = 24;

  explicit XorSearch(const std::vector<std::string>& strings);

  /// Indices of strings, sorted, each once.
  struct Found {
    std::vector<std::size_t> plain;   ///< that occur as they are
    std::vector<std::size_t> masked;  ///< that occur under some other key than 0
  };
  [[nodiscard]] Found find(std::string_view text) const;

 private:
  static constexpr std::size_t kGram = 8;
  static constexpr std::size_t kStride = 16;
  static_assert(kStride + kGram <= kShortest);
  /// Bits by the hash of a gram: what is not set there is in no string.
  static constexpr unsigned kFilterBits = 20;

  struct Place {
    std::uint32_t string = 0;
    std::uint32_t offset = 0;  ///< at which the gram begins in the string
  };

  static std::uint64_t differences_at(const char* bytes);
  static std::size_t hash(std::uint64_t gram);
  [[nodiscard]] bool matches(std::string_view text, std::size_t begin, std::uint32_t string) const;

  std::vector<std::string> strings_;
  std::vector<std::uint64_t> filter_;
  std::unordered_map<std::uint64_t, std::vector<Place>> places_;
};

}  // namespace skillaudit
