#pragma once

#include <cstdint>
#include <initializer_list>

#include "harness/evidence/verb.h"

namespace skillaudit {

/// A set of verbs, as small as a number.
class VerbSet {
 public:
  constexpr VerbSet() = default;
  constexpr VerbSet(std::initializer_list<Verb> verbs) {
    for (const Verb verb : verbs) bits_ = static_cast<std::uint16_t>(bits_ | bit(verb));
  }
  [[nodiscard]] constexpr bool has(Verb verb) const { return (bits_ & bit(verb)) != 0; }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  [[nodiscard]] constexpr bool meets(VerbSet other) const { return (bits_ & other.bits_) != 0; }
  constexpr VerbSet operator|(VerbSet other) const {
    VerbSet all;
    all.bits_ = static_cast<std::uint16_t>(bits_ | other.bits_);
    return all;
  }
  constexpr VerbSet operator&(VerbSet other) const {
    VerbSet both;
    both.bits_ = static_cast<std::uint16_t>(bits_ & other.bits_);
    return both;
  }
  constexpr VerbSet& operator|=(VerbSet other) { return *this = *this | other; }
  constexpr VerbSet without(VerbSet other) const {
    VerbSet rest;
    rest.bits_ = static_cast<std::uint16_t>(bits_ & ~other.bits_);
    return rest;
  }
  constexpr bool operator==(const VerbSet&) const = default;

 private:
  static constexpr std::uint16_t bit(Verb verb) {
    return static_cast<std::uint16_t>(1U << static_cast<unsigned>(verb));
  }
  std::uint16_t bits_ = 0;
};

}  // namespace skillaudit
