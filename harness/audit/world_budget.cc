#include "harness/audit/world_budget.h"

#include <algorithm>

namespace skillaudit {
namespace {

constexpr double kMinute = 60;
/// Where hosts answer all runs twice, beside another clone: that is four times the first run on a
/// machine of two processors. Two pairs of clones may be needed.
constexpr double kOfOne = 4;
constexpr double kOfAll = 8;
constexpr double kMost = 600;

}  // namespace

void WorldBudget::begin(double first_s) {
  first_s_ = first_s;
  whole_s_ = given_.value_or(std::clamp(kOfAll * first_s, kMinute, kMost));
  left_s_ = whole_s_;
}

double WorldBudget::of_one_s() const {
  return std::clamp(std::max(kMinute, kOfOne * first_s_), 0.0, std::max(left_s_, 0.0));
}

}  // namespace skillaudit
