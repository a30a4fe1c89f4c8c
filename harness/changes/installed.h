#pragma once

#include <string_view>

#include "harness/evidence/evidence.h"

namespace skillaudit {

/// What stood on the machine and what the skill brings: facts against which a step's own words
/// ("No module named x") are checked. Each answer is a pass over the files at most.
class Installed {
 public:
  /// Keeps a reference to `evidence`.
  explicit Installed(const Evidence& evidence) : evidence_(evidence) {}

  /// A program of that name in a folder of programs, before or after the run, or one that the trace
  /// shows running.
  [[nodiscard]] bool has_program(std::string_view name) const;
  /// A module or package of that name for Python, Node, Ruby or Perl.
  [[nodiscard]] bool has_module(std::string_view name) const;
  /// A file at the absolute path, before the run.
  [[nodiscard]] bool has_file(std::string_view path) const;
  /// Whether the skill has a file or a folder of that name, with or without an ending: then what is
  /// missing is a matter of the skill's own paths.
  [[nodiscard]] bool is_skills_own(std::string_view name) const;
  /// Whether the skill has a file of exactly that name: it is a program of its own.
  [[nodiscard]] bool is_skills_program(std::string_view name) const;
  /// Whether a path that was not found is one of the skill's: below its folder, or one that begins
  /// or ends with a name of its files.
  [[nodiscard]] bool is_path_of_skill(std::string_view path) const;

 private:
  const Evidence& evidence_;
};

}  // namespace skillaudit
