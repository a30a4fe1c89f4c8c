// Credentials of the user in files and command lines in which they were not before.
#include <algorithm>
#include <map>
#include <set>

#include "harness/evidence/decoy_copies.h"
#include "harness/rules/consented.h"
#include "harness/rules/hosts_named.h"
#include "harness/rules/rule_code.h"
#include "harness/rules/rules.h"

namespace skillaudit {
namespace {

constexpr std::string_view kDecoyCopied = "credentials.decoy-copied";

const Decoy* decoy_of(const Evidence& evidence, const std::string& name) {
  const auto found = std::find_if(evidence.decoys.begin(), evidence.decoys.end(),
                                  [&](const Decoy& decoy) { return decoy.name == name; });
  return found == evidence.decoys.end() ? nullptr : &*found;
}

/// The decoy's own file, or what its tool keeps beside it under the same name: "credentials.lock",
/// "cookies.sqlite-wal", ".netrc~".
bool is_its_own(const Decoy& decoy, std::string_view path) {
  return parent_of(path) == parent_of(decoy.path) &&
         base_name(path).starts_with(base_name(decoy.path));
}

struct Copy {
  std::set<std::string> decoys;
  std::vector<Citation> evidence;
};

void decoy_copy_rules(const RuleInput& input, Drafts& drafts) {
  std::map<std::string, Copy> copies;  // by what they are in, ready to show
  for (const DecoySighting& sighting : input.evidence.decoy_sightings) {
    const Decoy* decoy = decoy_of(input.evidence, sighting.decoy);
    if (!decoy) continue;
    const bool in_command = sighting.where == kInCommandLine;
    if (!in_command && !is_in_file(sighting)) continue;
    // A variable that the skill asks for becomes a word of the command that uses it.
    if (in_command && sighting.decoy.starts_with('$')) continue;
    const std::size_t attribute = sighting.where.find(kInAttribute);
    const bool in_attribute = attribute != std::string::npos;
    const std::string path = sighting.where.substr(0, attribute);
    const FileChange* change = in_command ? nullptr : find_change(input.changes.files, path);
    if (!in_command) {
      // A new attribute alone changes nothing else of its file.
      if (!in_attribute && (!change || is_its_own(*decoy, path))) continue;
      if (change && change->origin != Origin::Skill && change->origin != Origin::Package) continue;
      if (input.excusable(kDecoyCopied, Excuse::Path) &&
          is_free(EffectClass::Exposing, secret_named(input, Verb::Create, path)))
        continue;
    }
    Copy& copy = copies[in_command     ? "a command line"
                        : in_attribute ? "an extended attribute of " + as_code(path)
                                       : as_code(path)];
    copy.decoys.insert(sighting.decoy);
    if (copy.evidence.size() > 8) continue;
    if (change && copy.evidence.empty()) copy.evidence.push_back(cite_file(*change));
    copy.evidence.push_back(cite(sighting.evidence, "the credential " + sighting.decoy + " of " +
                                                        decoy->path + " (" + sighting.where + ", " +
                                                        sighting.encoding + ")"));
  }
  std::vector<Offender> offenders;
  for (auto& [where, copy] : copies) {
    if (offenders.size() == kMostListed) break;
    Offender offender;
    offender.words.what = as_code_list({copy.decoys.begin(), copy.decoys.end()}, 6);
    offender.words.where = where;
    offender.evidence = std::move(copy.evidence);
    offenders.push_back(std::move(offender));
  }
  const std::size_t unlisted = copies.size() - offenders.size();
  drafts.add_each(kDecoyCopied, offenders, unlisted);
}

}  // namespace

RuleCode decoy_copy_code() { return {{kDecoyCopied}, decoy_copy_rules}; }

}  // namespace skillaudit
