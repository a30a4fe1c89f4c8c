#include "harness/skill/expectations.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/skill/expected_text.h"

namespace skillaudit {
namespace {

using Texts = std::vector<std::string>;

// As they stand in report.json; the assessment, which names them, is a room above this one.
const Texts kGrades = {"A", "B", "C", "D", "F"};
const Texts kVerdicts = {"APPROVED", "NEEDS_REVIEW", "REJECTED", "INCONCLUSIVE"};

std::string one_of(const YamlSource& source, const YAML::Node& node, const std::string& what,
                   const Texts& known) {
  const std::string text = text_of(source, node, what);
  if (std::find(known.begin(), known.end(), text) == known.end())
    fail(ErrorKind::Skill, "{}: {} is `{}`: give {}{}", position(source, node.Mark()), what,
         printable(text), known.size() > 1 ? "one of " : "`" + known[0] + "` or remove the line",
         known.size() > 1 ? join(known, ", ") : "");
  return text;
}

Texts paths_of(const YamlSource& source, const YAML::Node& node, const std::string& what) {
  if (node.IsSequence())
    for (const auto& item : node)
      if (item.IsNull())  // what YAML takes a lone ~ for
        fail(ErrorKind::Skill, "{}: an item of {} is empty: write the home folder as \"~\"",
             position(source, item.Mark()), what);
  Texts paths = texts_of(source, node, what);
  for (std::size_t i = 0; i < paths.size(); ++i)
    if (paths[i] != "~" && !paths[i].starts_with("~/") && !paths[i].starts_with("/"))
      fail(ErrorKind::Skill, "{}: `{}` in {} is not an absolute path: start it with ~/ or /",
           position(source, node[i].Mark()), printable(paths[i]), what);
  return paths;
}

Texts hosts_of(const YamlSource& source, const YAML::Node& node, const std::string& what) {
  Texts hosts = texts_of(source, node, what);
  for (std::size_t i = 0; i < hosts.size(); ++i)
    if (hosts[i].find('/') != std::string::npos || hosts[i].find('*') != std::string::npos)
      fail(ErrorKind::Skill,
           "{}: `{}` in {} is not a host name: give only the name, such as api.example.org",
           position(source, node[i].Mark()), printable(hosts[i]), what);
  return hosts;
}

Texts rules_of(const YamlSource& source, const YAML::Node& node, const std::string& what) {
  if (node.IsScalar() && node.Scalar() == "none") return {};
  if (!node.IsSequence())
    fail(ErrorKind::Skill, "{}: {} must be `none` or a list of rules, but it is {}",
         position(source, node.Mark()), what,
         node.IsScalar() ? "`" + printable(node.Scalar()) + "`" : kind_of(node));
  return texts_of(source, node, what);
}

/// Calls `use` with the value of `key` and its name in complaints, where it is there. An empty
/// value could mean "nothing" as well as "not said", so it is neither.
template <typename Use>
void where_given(const YamlSource& source, const YAML::Node& map, const char* key, Use use) {
  const std::string what = "`" + std::string(key) + "`";
  for (const auto& entry : map) {
    if (entry.first.Scalar() != key) continue;
    if (entry.second.IsNull())
      fail(ErrorKind::Skill,
           "{}: {} is empty: fill it in or remove the line; to require an empty list, write []",
           position(source, entry.first.Mark()), what);
    use(entry.second, what, line_of(source, entry.first));
  }
}

}  // namespace

ScenarioExpectations parse_expectations(const YamlSource& source, const YAML::Node& node) {
  expect_keys(source, node, "`expect`",
              {"exit", "within", "grade", "verdict", "writes", "creates", "modifies", "deletes",
               "contacts", "installs", "processes", "persistence", "decoys", "findings", "stdout",
               "stderr", "files", "calls", "triggered"});
  ScenarioExpectations expect;
  const auto value = [&](const char* key, auto& into, auto parse, auto... more) {
    where_given(source, node, key, [&](const YAML::Node& given, const std::string& what, int line) {
      into = {parse(source, given, what, more...), line};
    });
  };
  const auto only = [&](const char* key, const std::string& word, int& into) {
    where_given(source, node, key, [&](const YAML::Node& given, const std::string& what, int line) {
      (void)one_of(source, given, what, {word});
      into = line;
    });
  };
  value("within", expect.within, seconds_of);
  value("grade", expect.grade, one_of, kGrades);
  value("verdict", expect.verdict, one_of, kVerdicts);
  value("writes", expect.writes, paths_of);
  value("creates", expect.creates, paths_of);
  value("modifies", expect.modifies, paths_of);
  value("deletes", expect.deletes, paths_of);
  value("contacts", expect.contacts, hosts_of);
  value("installs", expect.installs, texts_of);
  value("findings", expect.findings, rules_of);
  only("processes", "none", expect.no_processes);
  only("persistence", "none", expect.no_persistence);
  only("decoys", "kept", expect.decoys_kept);
  where_given(source, node, "stdout", [&](const YAML::Node& given, const std::string& what, int) {
    expect.out = parse_expected_text(source, given, what);
  });
  where_given(source, node, "stderr", [&](const YAML::Node& given, const std::string& what, int) {
    expect.err = parse_expected_text(source, given, what);
  });
  where_given(source, node, "files", [&](const YAML::Node& given, const std::string&, int) {
    expect.texts = parse_expected_files(source, given);
  });
  value("triggered", expect.triggered, truth_of);
  where_given(source, node, "calls", [&](const YAML::Node& given, const std::string&, int) {
    expect.calls = parse_expected_calls(source, given);
  });
  return expect;
}

}  // namespace skillaudit
