#pragma once

#include <string>
#include <vector>

#include "harness/evidence/gap.h"

namespace skillaudit {

/// What gaps say to people.
inline std::vector<std::string> texts_of(const std::vector<Gap>& gaps) {
  std::vector<std::string> texts;
  for (const Gap& gap : gaps) texts.push_back(gap.text);
  return texts;
}

}  // namespace skillaudit
