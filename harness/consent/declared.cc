#include "harness/consent/declared.h"

#include <yaml-cpp/yaml.h>

#include <array>
#include <utility>

#include "harness/base/text.h"

namespace skillaudit {
namespace {

constexpr std::size_t kMostEntries = 10'000;
constexpr std::size_t kLongestYaml = 256 << 10;

struct DeclaredKey {
  std::string_view key;
  VerbSet verbs;
};

constexpr auto kKeys = std::to_array<DeclaredKey>({{"reads", {Verb::Read}},
                                                   {"creates", {Verb::Create}},
                                                   {"modifies", {Verb::Modify}},
                                                   {"overwrites", {Verb::Overwrite}},
                                                   {"deletes", {Verb::Delete}},
                                                   {"runs", {Verb::Run}},
                                                   {"keeps", {Verb::Stay}},
                                                   {"sends", {Verb::Send}},
                                                   {"receives", {Verb::Receive}},
                                                   {"installs", {Verb::Install}},
                                                   {"elevates", {Verb::Elevate}},
                                                   {"packages", {Verb::Install}},
                                                   {"paths", {}},
                                                   {"hosts", {Verb::Receive, Verb::Send}},
                                                   {"services", {Verb::Stay}},
                                                   {"cron", {Verb::Stay}}});

std::vector<ConsentObject> objects_of(const std::string& entry, std::string_view key) {
  if (key == "cron") return {ConsentObject::cron(entry)};
  if (key == "runs" || key == "elevates") return {ConsentObject::run(entry)};
  std::vector<ConsentObject> objects = objects_in(entry, true);
  if (objects.empty()) objects.push_back(ConsentObject::package(entry));
  return objects;
}

void add(const std::string& entry, const DeclaredKey& key, int line,
         std::vector<Statement>& statements) {
  if (statements.size() >= kMostEntries) return;
  Statement statement;
  statement.kind = StatementKind::Declared;
  statement.place = {"audit.yaml", line, 0};
  statement.text = shorten(key.key.empty() ? entry : std::string(key.key) + ": " + entry, 2048);
  for (ConsentObject& object : objects_of(entry, key.key)) {
    ConsentClaim claim;
    claim.verbs = key.verbs;
    claim.object = std::move(object);
    claim.binding = key.verbs.empty() ? Binding::Mentioned : Binding::Named;
    statement.claims.push_back(std::move(claim));
  }
  statements.push_back(std::move(statement));
}

void add_all(const YAML::Node& node, const DeclaredKey& key, std::vector<Statement>& statements) {
  if (node.IsScalar()) return add(node.Scalar(), key, node.Mark().line + 1, statements);
  if (!node.IsSequence()) return;
  for (const YAML::Node& each : node)
    if (each.IsScalar()) add(each.Scalar(), key, each.Mark().line + 1, statements);
}

}  // namespace

std::vector<Statement> declared_statements(std::string_view audit_yaml,
                                           const std::vector<std::string>& flat) {
  std::vector<Statement> statements;
  try {
    const YAML::Node root =
        audit_yaml.size() > kLongestYaml ? YAML::Node() : YAML::Load(std::string(audit_yaml));
    const YAML::Node declares = root.IsMap() ? root["declares"] : YAML::Node();
    if (declares.IsMap()) {
      for (const auto& entry : declares)
        for (const DeclaredKey& key : kKeys)
          if (entry.first.IsScalar() && entry.first.Scalar() == key.key)
            add_all(entry.second, key, statements);
      return statements;
    }
    add_all(declares, {}, statements);
  } catch (const YAML::Exception&) {
    statements.clear();  // loading a skill says where its YAML is broken
  }
  if (statements.empty())
    for (const std::string& entry : flat) add(entry, {}, 0, statements);
  return statements;
}

}  // namespace skillaudit
