#pragma once

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "harness/base/file.h"
#include "harness/base/text.h"
#include "tests/e2e/account.h"

namespace skillaudit {

inline constexpr int kUsage = 64;
inline constexpr int kSkill = 65;
inline constexpr int kEnvironment = 69;

/// The capabilities by which root reads what its mode forbids.
inline const std::vector<std::string> kWithoutRootsEyes = {
    "setpriv", "--bounding-set=-dac_override,-dac_read_search",
    "--inh-caps=-dac_override,-dac_read_search"};

class CommandLine : public testing::Test {
 protected:
  Account account{Account::Images::None};

  /// Runs the program, which must refuse with `code`, print nothing on stdout, leave nothing behind
  /// and say why in one sentence. Returns the sentence.
  std::string refusal(const std::vector<std::string>& arguments, int code,
                      const std::vector<std::string>& launcher = {}) {
    const CommandResult result = account.run(arguments, launcher);
    EXPECT_EQ(result.exit_code, code) << result.out << result.err;
    EXPECT_EQ(result.out, "");
    EXPECT_THAT(account.left_behind(), ::testing::IsEmpty());
    return sentence_of(result);
  }
  std::string run_refusal(const std::vector<std::string>& arguments, int code,
                          const std::vector<std::string>& launcher = {}) {
    std::vector<std::string> all = {"run", "--quiet"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return refusal(all, code, launcher);
  }

  static std::string sentence_of(const CommandResult& result) {
    std::vector<std::string_view> lines = split(result.err, '\n');
    // Bad usage is followed by where to read on.
    if (lines.size() == 2 && lines[1].starts_with("Try `skillaudit ")) lines.pop_back();
    EXPECT_EQ(lines.size(), 1U) << result.err;
    if (lines.empty() || !lines[0].starts_with("skillaudit: ")) {
      ADD_FAILURE() << "it said: " << result.err;
      return {};
    }
    return std::string(lines[0].substr(std::string_view("skillaudit: ").size()));
  }

  /// A skill in `skills` with the scenarios of `audit_yaml`.
  [[nodiscard]] std::filesystem::path tested_skill(const std::string& name,
                                                   const std::string& audit_yaml) const {
    const std::filesystem::path folder =
        account.skill("skills/" + name, "---\nname: " + name + "\ndescription: Text.\n---\n");
    write_file(folder / "audit.yaml", audit_yaml);
    return folder;
  }
  /// `skills/to-do` and `skills/weather` with three scenarios.
  [[nodiscard]] std::filesystem::path tested_skills() const {
    (void)tested_skill("to-do",
                       "scenarios:\n  - {name: adds one, command: x}\n"
                       "  - {name: DISABLED removes one, command: x}\n");
    (void)tested_skill("weather", "scenarios:\n  - {name: Oslo, command: x}\n");
    return account.home() / "skills";
  }
  /// What `test PATH --gtest_list_tests FLAGS` prints.
  std::string listing(const std::filesystem::path& path,
                      const std::vector<std::string>& flags = {}) {
    std::vector<std::string> arguments = {"test", path, "--gtest_list_tests"};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    const CommandResult result = account.run(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(result.err, "");
    EXPECT_THAT(account.left_behind(), ::testing::IsEmpty());
    EXPECT_FALSE(std::filesystem::exists(account.cache() / "images"));
    return result.out;
  }

  /// The tests that `test PATH FLAGS` runs, in their order. Each fails before it has a VM: its
  /// bundle would overwrite something.
  std::vector<std::string> tests_run(const std::filesystem::path& path,
                                     std::vector<std::string> flags = {}) {
    const std::filesystem::path out = account.home() / "bundles";
    for (const char* test :
         {"to_do/adds_one", "to_do/adds_one-2", "to_do/DISABLED_removes_one", "weather/Oslo"}) {
      std::filesystem::create_directories(out / test);
      write_file(out / test / "mine", "");
    }
    flags.insert(flags.begin(), {"test", path, "--quiet", "--out", out});
    const CommandResult result = account.run(flags);
    EXPECT_EQ(result.exit_code, kUsage) << result.err;
    EXPECT_THAT(result.out, ::testing::HasSubstr("already exists: give --out a new folder"));
    std::vector<std::string> tests;
    for (const std::string_view line : split(result.out, '\n')) {
      if (line.starts_with("[ RUN ")) tests.emplace_back(line.substr(line.find(']') + 2));
      if (line.starts_with("[  SKIPPED ] " + (tests.empty() ? "?" : tests.back())))
        tests.pop_back();
    }
    return tests;
  }

  /// A folder with links to the programs of this machine's PATH, for use as PATH, without those
  /// whose name starts with `missing`.
  [[nodiscard]] std::filesystem::path programs_without(const std::string& missing) const {
    const std::filesystem::path folder = account.home() / "bin";
    std::filesystem::create_directories(folder);
    for (const char* source : {"/usr/bin", "/bin"})
      for (const auto& entry : std::filesystem::directory_iterator(source)) {
        const std::string name = entry.path().filename().string();
        std::error_code exists_already;
        if (!name.starts_with(missing))
          std::filesystem::create_symlink(entry.path(), folder / name, exists_already);
      }
    return folder;
  }
};

}  // namespace skillaudit
