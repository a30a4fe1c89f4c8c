#pragma once

#include <optional>

namespace skillaudit {

/// The seconds that the steps of an audit's further clones may take together. Clones that run at
/// once count once; what a VM needs to start does not count. Not thread-safe.
class WorldBudget {
 public:
  /// `given`: of the user; none: a minute, or eight times what the first clone's steps took,
  /// at most ten minutes.
  explicit WorldBudget(std::optional<double> given) : given_(given) {}

  /// The first clone's steps took `first_s`.
  void begin(double first_s);
  void spend(double seconds) { left_s_ -= seconds; }

  [[nodiscard]] double whole_s() const noexcept { return whole_s_; }
  /// Whether there is enough for the steps of one world more.
  [[nodiscard]] bool is_left() const noexcept { return left_s_ >= 1; }
  /// How long the steps of one world may take: a minute, or four times as long as those of
  /// the first clone took; at most what is left.
  [[nodiscard]] double of_one_s() const;

 private:
  std::optional<double> given_;
  double first_s_ = 0;
  double whole_s_ = 0;
  double left_s_ = 0;
};

}  // namespace skillaudit
