#pragma once

#include <array>
#include <vector>

#include "harness/rules/rubric.h"

namespace skillaudit {

/// A condition about files, and the rule that it is of.
struct FileCondition {
  const RubricRule* rule = nullptr;
  const Condition* condition = nullptr;
};

/// The conditions about files, content and permissions, by the place that they are about: most of a
/// million changed files concern few of them. They live as long as the rubric.
class FileConditions {
 public:
  /// Those that `is_wanted`.
  template <typename Wanted>
  FileConditions(const Rubric& rubric, Wanted is_wanted) {
    for (const RubricRule& rule : rubric.rules)
      for (const Condition& condition : rule.when)
        if ((condition.object == ObjectKind::File || condition.object == ObjectKind::Permissions) &&
            is_wanted(condition))
          for (std::size_t i = 0; i < kPlaceCount; ++i)
            if (condition.what.places.none() || condition.what.places.test(i))
              by_place_[i].push_back({&rule, &condition});
  }
  [[nodiscard]] const std::vector<FileCondition>& of(Place place) const {
    return by_place_[static_cast<std::size_t>(place)];
  }

 private:
  std::array<std::vector<FileCondition>, kPlaceCount> by_place_;
};

}  // namespace skillaudit
