// Settings of Git and of SSH, each on its own: most of a file may be as it was.
#include <algorithm>
#include <iterator>
#include <set>
#include <tuple>

#include "harness/rules/effect.h"
#include "harness/rules/program_setting.h"

namespace skillaudit {
namespace {

struct ByKeyAndValue {
  bool operator()(const ProgramSetting& a, const ProgramSetting& b) const {
    return std::tie(a.key, a.value) < std::tie(b.key, b.value);
  }
};
using Settings = std::set<ProgramSetting, ByKeyAndValue>;
using Keys = std::set<std::string_view>;

Settings in_order(std::string_view program, std::string_view text) {
  std::vector<ProgramSetting> all = settings_in(program, text);
  return {std::make_move_iterator(all.begin()), std::make_move_iterator(all.end())};
}

Keys keys_of(const Settings& settings) {
  Keys keys;
  for (const ProgramSetting& each : settings) keys.insert(each.key);
  return keys;
}

std::string_view text_of(const std::vector<ConfigText>& texts, const std::string& path) {
  const auto found = std::find_if(texts.begin(), texts.end(),
                                  [&](const ConfigText& text) { return text.path == path; });
  return found == texts.end() ? std::string_view{} : std::string_view(found->content);
}

class OneFile {
 public:
  OneFile(const RuleInput& input, Found& found, const std::string& path, std::string_view program)
      : input_(input),
        found_(found),
        path_(path),
        program_(program),
        before_(in_order(program, text_of(input.evidence.before.config, path))),
        after_(in_order(program, text_of(input.evidence.after.config, path))) {}

  void report() {
    const Keys keys_before = keys_of(before_), keys_after = keys_of(after_);
    for (const ProgramSetting& setting : after_)
      if (!before_.contains(setting))
        add(keys_before.contains(setting.key) ? Verb::Modify : Verb::Create, setting);
    for (const ProgramSetting& setting : before_)
      if (!keys_after.contains(setting.key)) add(Verb::Delete, setting);
  }

 private:
  void add(Verb verb, const ProgramSetting& setting) {
    const std::string name = path_ + ": " + setting.key;
    const bool redirects =
        verb != Verb::Delete &&
        (setting.redirects || (verb == Verb::Modify && setting.redirects_if_changed));
    const std::string text = verb == Verb::Delete ? name + " is gone; it was " + setting.value
                                                  : name + " = " + setting.value;
    found_.add(
        {.verb = verb,
         .object = program_ == "git" ? ObjectKind::GitSetting : ObjectKind::SshSetting,
         .name = name,
         .traits = redirects ? traits_of({Trait::Redirects}) : Traits(),
         .takes_root = !is_below(path_, input_.evidence.environment.guest_home),
         .named = [&](EffectClass) { return named(verb, setting, redirects); }},
        [&] {
          return Offender{{as_code(name), "", ""}, {cite(source::after(Table::Config), text)}};
        });
  }

  /// By program, setting and value: what is said of Git's settings in general is not exact. That
  /// the file is changed covers what leads nowhere.
  [[nodiscard]] Coverage named(Verb verb, const ProgramSetting& setting, bool redirects) const {
    // "Host *: proxycommand" is written without its hosts.
    const std::size_t colon = setting.key.rfind(": ");
    std::string key = colon == std::string::npos ? setting.key : setting.key.substr(colon + 2);
    const Coverage coverage = input_.consent.covers(
        verb == Verb::Delete ? Verb::Delete : Verb::Modify,
        ConsentObject::setting(std::string(program_), std::move(key), setting.value));
    if (redirects || coverage.extent == ConsentExtent::Exactly) return coverage;
    const Coverage of_file = file_named(input_, EffectClass::Lasting, Verb::Modify, path_);
    return of_file.extent > coverage.extent ? of_file : coverage;
  }

  const RuleInput& input_;
  Found& found_;
  const std::string& path_;
  std::string_view program_;
  Settings before_;
  Settings after_;
};

}  // namespace

void setting_effects(const RuleInput& input, Found& found) {
  for (const ConfigDiff& diff : input.changes.config) {
    const std::string_view program = program_set_by(diff.path);
    if (program.empty() || comes_with_package(input, diff.path)) continue;
    OneFile(input, found, diff.path, program).report();
  }
}

}  // namespace skillaudit
