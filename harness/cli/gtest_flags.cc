#include "harness/cli/gtest_flags.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

enum class Value { Switch, Number, Text, Output };

struct KnownFlag {
  const char* name;
  Value value;
};

/// The flags of GoogleTest 1.12 that apply to tests that are not C++ functions.
constexpr KnownFlag kKnown[] = {
    {"--gtest_list_tests", Value::Switch},
    {"--gtest_filter", Value::Text},
    {"--gtest_also_run_disabled_tests", Value::Switch},
    {"--gtest_repeat", Value::Number},
    {"--gtest_shuffle", Value::Switch},
    {"--gtest_random_seed", Value::Number},
    {"--gtest_fail_fast", Value::Switch},
    {"--gtest_color", Value::Text},
    {"--gtest_brief", Value::Switch},
    {"--gtest_print_time", Value::Switch},
    {"--gtest_print_utf8", Value::Switch},
    {"--gtest_output", Value::Output},
    {"--gtest_stream_result_to", Value::Text},
};

const KnownFlag& find_flag(const std::string& name) {
  std::vector<std::string> names;
  for (const KnownFlag& flag : kKnown) {
    if (name == flag.name) return flag;
    names.emplace_back(flag.name);
  }
  const std::string near = nearest(name, names);
  fail(ErrorKind::Usage, "there is no option '{}': {}", printable(shorten(name, 80)),
       near.empty() ? "GoogleTest's options are " + join(names, ", ")
                    : "did you mean '" + near + "'?");
}

bool is_number(std::string_view text) {
  std::int32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

void check(const std::string& word) {
  const std::size_t equals = word.find('=');
  const KnownFlag& flag = find_flag(word.substr(0, equals));
  if (flag.value == Value::Switch) return;
  if (equals == std::string::npos)
    fail(ErrorKind::Usage, "{0} has no value: write {0}={1}", flag.name,
         flag.value == Value::Number   ? "NUMBER"
         : flag.value == Value::Output ? "xml:FILE"
                                       : "VALUE");
  const std::string value = word.substr(equals + 1);
  if (flag.value == Value::Number && !is_number(value))
    fail(ErrorKind::Usage, "{} is '{}': give a whole number", flag.name, printable(value));
  const std::string format = value.substr(0, value.find(':'));
  if (flag.value == Value::Output && format != "xml" && format != "json")
    fail(ErrorKind::Usage, "{} is '{}': give xml:FILE or json:FILE", flag.name, printable(value));
}

}  // namespace

std::vector<std::string> take_gtest_flags(std::vector<std::string>& words) {
  if (words.empty() || words[0] != "test") return {};
  const auto first = std::stable_partition(words.begin(), words.end(), [](const std::string& word) {
    return !word.starts_with("--gtest_");
  });
  std::vector<std::string> flags(first, words.end());
  words.erase(first, words.end());
  return flags;
}

void init_googletest(const std::vector<std::string>& flags) {
  for (const std::string& flag : flags) check(flag);
  std::vector<std::string> words = {"skillaudit"};
  words.insert(words.end(), flags.begin(), flags.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  int argc = static_cast<int>(words.size());
  ::testing::InitGoogleTest(&argc, argv.data());
  if (argc > 1) fail(ErrorKind::Usage, "GoogleTest cannot read '{}'", printable(argv[1]));
}

}  // namespace skillaudit
