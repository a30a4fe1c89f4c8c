#pragma once

#include <array>
#include <string_view>

namespace skillaudit {

/// What kind of effect a rule is about, by what a person would have to agree to. The verdict
/// follows from it: see analysis/effect_verdict.h.
enum class EffectClass {
  Ordinary,   ///< own output, quality of the work
  Litter,     ///< left-overs, packages from the machine's own sources
  Lasting,    ///< goes on or comes back
  Exposing,   ///< may give data or access to others
  Damage,     ///< what was there before is gone or changed
  Harm,       ///< secrets, rights, other programs
  Tampering,  ///< with who watches, logs, the clock, the disk
};
inline constexpr std::array kEffectClasses = {
    EffectClass::Ordinary, EffectClass::Litter, EffectClass::Lasting,  EffectClass::Exposing,
    EffectClass::Damage,   EffectClass::Harm,   EffectClass::Tampering};
[[nodiscard]] std::string_view name_of(EffectClass);  ///< "lasting"

}  // namespace skillaudit
