#include "harness/cli/surroundings_options.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/skill/surroundings.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;

/// Of all files together: they pass through the guest's serial port.
constexpr std::uint64_t kMostBytes = 64ULL << 20;

void refuse(const std::string& option, const std::string& problem) {
  if (!problem.empty()) fail(ErrorKind::Usage, "{}: {}", option, problem);
}

std::pair<std::string, std::string> variable_of(const std::string& given) {
  const std::size_t equals = given.find('=');
  if (equals == std::string::npos || equals == 0)
    fail(ErrorKind::Usage, "--env {}: write NAME=VALUE", printable(given));
  std::pair<std::string, std::string> variable(given.substr(0, equals), given.substr(equals + 1));
  refuse("--env", variable_problem(variable.first, variable.second));
  return variable;
}

/// LOCAL[:GUEST]: the last colon that a path of the guest follows, unless LOCAL itself has that
/// name.
std::pair<fs::path, std::string> places_in(const std::string& given) {
  std::error_code error;
  const std::size_t colon = given.rfind(':');
  const bool has_guest = colon != std::string::npos && !fs::exists(given, error);
  fs::path local = has_guest ? given.substr(0, colon) : given;
  std::string guest = has_guest ? given.substr(colon + 1) : "";
  if (guest.ends_with('/') && guest.size() > 1) guest += local.filename().string();
  if (guest.empty()) guest = "{project}/" + fs::absolute(local, error).filename().string();
  return {std::move(local), std::move(guest)};
}

void add_file(const std::string& given, Surroundings& surroundings) {
  const auto [local, guest] = places_in(given);
  const std::string option = "--file " + printable(given);
  refuse(option, placed_path_problem(guest));
  std::error_code error;
  const auto add = [&](const fs::path& from, const std::string& to) {
    if (const auto size = fs::file_size(from, error); error || size > kMostPlacedBytes)
      fail(ErrorKind::Usage, "{}: {} has {}, the limit for a file is {}: give a smaller one",
           option, printable(from.string()), human_bytes(size), human_bytes(kMostPlacedBytes));
    surroundings.files.push_back({.path = to, .content = read_file(from, kMostPlacedBytes)});
    if (surroundings.files.size() > kMostPlacedFiles)
      fail(ErrorKind::Usage, "--file: these are more than {} files: give fewer", kMostPlacedFiles);
  };
  if (fs::is_regular_file(local, error)) return add(local, guest);
  if (!fs::is_directory(local, error))
    fail(ErrorKind::Usage, "{}: there is no file {} on this machine; write LOCAL or LOCAL:GUEST",
         option, printable(local.string()));
  for (const auto& entry : fs::recursive_directory_iterator(local))
    if (entry.is_regular_file() && !entry.is_symlink())
      add(entry.path(), guest + "/" + fs::relative(entry.path(), local).generic_string());
}

UnitArguments arguments_of(const std::string& given) {
  const std::size_t equals = given.find('=');
  if (equals == std::string::npos || equals == 0)
    fail(ErrorKind::Usage,
         "--arg {}: write 'PROGRAM=ARGUMENTS', such as 'scripts/note.sh=--due tomorrow'",
         printable(given));
  auto words = shell_words(std::string_view(given).substr(equals + 1));
  if (!words)
    fail(ErrorKind::Usage, "--arg {}: the arguments are more than words: quote each one",
         printable(given));
  return {given.substr(0, equals), std::move(*words)};
}

}  // namespace

void add_surroundings_options(Command& command, SurroundingsOptions& options) {
  command
      .add_option("--package", options.packages,
                  "Install this package in the VM before the audit: of the system, or npm:NAME or "
                  "pip:NAME (repeatable)")
      .one_value_each()
      .type_name("NAME");
  command
      .add_option("--env", options.variables,
                  "Set a variable for everything that runs; a credential is watched as a decoy, so "
                  "give no real one (repeatable)")
      .one_value_each()
      .type_name("NAME=VALUE");
  command
      .add_option("--file", options.files,
                  "Put a file or folder of this machine into the VM before the audit, by default "
                  "into the user's project (repeatable)")
      .one_value_each()
      .type_name("LOCAL[:GUEST]");
  command
      .add_option("--arg", options.arguments,
                  "Run a program of the skill with these arguments as well (repeatable)")
      .one_value_each()
      .type_name("UNIT=ARGS");
  command
      .add_option("--stdin", options.standard_input,
                  "File that the steps get as standard input, unless they have one of their own")
      .type_name("FILE");
  command.add_flag("--terminal", options.terminal, "Run the steps on a terminal");
  command
      .add_option(
          "--cwd", options.working_directory,
          "Folder of the VM in which the steps run: ~/, /, {project} or {skill}; made, as a "
          "copy of the project, where it is not there")
      .type_name("DIR");
  command.add_flag("--setup", options.setup,
                   "Run the `setup` of audit.yaml ahead of the audit, without judging it (default: "
                   "it counts as the skill's)");
  command.add_flag("--no-packages", options.no_packages,
                   "Install neither the packages of audit.yaml nor what a step finds missing");
}

Surroundings surroundings_of(const SurroundingsOptions& options) {
  Surroundings given;
  given.packages = options.packages;
  for (const std::string& package : given.packages) refuse("--package", package_problem(package));
  for (const std::string& variable : options.variables)
    given.environment.push_back(variable_of(variable));
  for (const std::string& file : options.files) add_file(file, given);
  std::uint64_t bytes = 0;
  for (const PlacedFile& file : given.files) bytes += file.content.size();
  if (bytes > kMostBytes)
    fail(ErrorKind::Usage, "--file: the files have {} together, the limit is {}: give fewer",
         human_bytes(bytes), human_bytes(kMostBytes));
  for (const std::string& arguments : options.arguments)
    given.arguments.push_back(arguments_of(arguments));
  if (!options.standard_input.empty()) {
    std::error_code error;
    if (!fs::is_regular_file(options.standard_input, error))
      fail(ErrorKind::Usage, "--stdin: there is no file {}", printable(options.standard_input));
    given.standard_input = read_file(options.standard_input, kMostPlacedBytes);
  }
  given.terminal = options.terminal;
  given.working_directory = options.working_directory;
  if (!given.working_directory.empty())
    refuse("--cwd", working_directory_problem(given.working_directory));
  return given;
}

}  // namespace skillaudit
