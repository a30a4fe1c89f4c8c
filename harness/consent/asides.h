#pragma once

#include "harness/consent/words.h"

namespace skillaudit {

/// The sentence without what it says aside and what binds nothing: "sends one number, how many
/// files it saw, to h"; "ends after the seconds (15 if you give none)". An aside that names an
/// object, or denies something, stays.
[[nodiscard]] Sentence without_asides(const Sentence& sentence);

}  // namespace skillaudit
