#include "harness/audit/world_budget.h"

#include <algorithm>

namespace skillaudit {
namespace {

constexpr double kMinute = 60;

}  // namespace

void WorldBudget::begin(double first_s) {
  first_s_ = first_s;
  whole_s_ = given_.value_or(std::max(kMinute, 4 * first_s));
  left_s_ = whole_s_;
}

double WorldBudget::of_one_s() const {
  return std::clamp(std::max(kMinute, 1.5 * first_s_), 0.0, std::max(left_s_, 0.0));
}

}  // namespace skillaudit
