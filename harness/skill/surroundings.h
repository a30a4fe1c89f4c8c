#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/evidence/surroundings.h"
#include "harness/skill/yaml_source.h"

namespace skillaudit {

/// The keys of audit.yaml that say on what machine a skill, or one scenario, runs: `packages`,
/// `environment`, `files`, `setup`, `working_directory`, `terminal`, `stubs`. The caller reads
/// `stdin` and `arguments`, which are not the same for both. Throws Error{Skill} "FILE:LINE:COLUMN:
/// …".
[[nodiscard]] Surroundings parse_surroundings(const YamlSource& source, const YAML::Node& map);

/// `arguments` of the whole skill: a map from programs to words.
[[nodiscard]] std::vector<UnitArguments> parse_unit_arguments(const YamlSource& source,
                                                              const YAML::Node& map);

/// `arguments`: a list of words, or a text that is split as a shell does it.
[[nodiscard]] std::vector<std::string> parse_arguments(const YamlSource& source,
                                                       const YAML::Node& node);

/// The words of a text, as a shell splits them; none for a text that is more than words.
[[nodiscard]] std::optional<std::vector<std::string>> shell_words(std::string_view text);

/// What is wrong with a name or value that a user gave, as a clause with what to do; empty:
/// nothing.
[[nodiscard]] std::string package_problem(std::string_view name);
[[nodiscard]] std::string variable_problem(std::string_view name, std::string_view value);
[[nodiscard]] std::string guest_path_problem(std::string_view path);
/// As guest_path_problem(), but "{project}/a.csv" is one as well.
[[nodiscard]] std::string placed_path_problem(std::string_view path);
[[nodiscard]] std::string working_directory_problem(std::string_view path);

/// Reads the files of the skill's folder that `files: {…: {from: …}}` and `stubs: [{file: …}]`
/// name. Throws Error{Skill} for one that is not there, is no regular file of the folder, or is too
/// large.
void read_placed_files(const std::filesystem::path& skill_folder, Surroundings& surroundings);

inline constexpr std::size_t kMostPlacedFiles = 100;
inline constexpr std::uint64_t kMostPlacedBytes = 8ULL << 20;

}  // namespace skillaudit
