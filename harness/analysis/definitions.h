#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace skillaudit {

/// What code sets its names to, by the text behind each "=". The code must outlive it. Linear.
class Definitions {
 public:
  explicit Definitions(std::string_view code);

  [[nodiscard]] bool has(std::string_view name) const { return values_.contains(name); }
  /// `part`, and behind it what the names in it are set to, anywhere in the code: with
  /// "up=$(cut -d. -f1 /proc/uptime)", a condition on "$up" tells what it asks for.
  [[nodiscard]] std::string with(std::string_view part) const;
  /// Whether `part` uses a name that is set.
  [[nodiscard]] bool are_used_in(std::string_view part) const;

 private:
  std::unordered_map<std::string_view, std::vector<std::string_view>> values_;
};

}  // namespace skillaudit
