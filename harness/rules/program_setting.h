#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace skillaudit {

/// A setting in the text of a program's configuration.
struct ProgramSetting {
  std::string key;  ///< in small letters, except names that the user chose
  std::string value;
  /// By it the program runs, trusts or asks what the value names, or checks less than it did.
  bool redirects = false;
  /// It does so where the setting was there before with another value.
  bool redirects_if_changed = false;
};

/// The program that reads `path` as settings which are judged one by one: "git" or "ssh"; empty for
/// any other file.
[[nodiscard]] std::string_view program_set_by(std::string_view path);
/// The settings of such a file.
[[nodiscard]] std::vector<ProgramSetting> settings_in(std::string_view program,
                                                      std::string_view text);

}  // namespace skillaudit
