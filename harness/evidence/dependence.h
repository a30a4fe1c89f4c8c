#pragma once

#include <cstddef>
#include <string>

#include "harness/evidence/source.h"

namespace skillaudit {

/// A part of what left the guest that followed the secrets of its home: alike in each world that
/// had the audit's own secrets, alike in each that had others, and not the same in the two.
struct Dependence {
  Source evidence;    ///< in a world with the audit's own secrets; the whole file: it is not there
  Source other;       ///< its counterpart where the secrets were others
  std::string to;     ///< "https://api.example.com"; empty: past the proxy
  std::string where;  ///< "body", "path", "header authorization", "whether it is asked"
  std::string text;   ///< its beginning, raw bytes
  std::string other_text;
  std::size_t pairs = 1;  ///< worlds of each kind that agree
};

}  // namespace skillaudit
