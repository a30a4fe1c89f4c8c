#include "harness/consent/operand_claims.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include "harness/base/among.h"
#include "harness/consent/command_verbs.h"
#include "harness/consent/path_pattern.h"
#include "harness/consent/service_programs.h"
#include "harness/evidence/given_host.h"

namespace skillaudit {
namespace {

using Words = std::vector<std::string>;

class Operand {
 public:
  Operand(const Words& words, std::vector<ConsentClaim>& claims) : words_(words), claims_(claims) {
    for (std::size_t i = 1; i < words.size(); ++i)
      if (!words[i].starts_with('-') && !words[i].empty()) operands_.push_back(words[i]);
  }

  void read(const CommandVerbs* command) {
    output_option();
    if (service_hosts()) return mentioned();
    if (command == nullptr || command->operands == Operands::None) return mentioned();
    switch (command->operands) {
      case Operands::All:
        return paths(operands_, command->verbs);
      case Operands::LastIsNew:
        return last_is_new(command->verbs);
      case Operands::Script:
        return script(command->verbs);
      case Operands::Remote:
        return remote();
      case Operands::Hosts:
        return hosts(command->verbs);
      case Operands::Packages:
        return packages(command->verbs);
      case Operands::Http:
        return http(command->verbs);
      case Operands::Git:
        return git();
      case Operands::Systemctl:
        return systemctl();
      case Operands::Account:
        if (!operands_.empty()) add(command->verbs, ConsentObject::package(operands_.back()));
        return;
      case Operands::Crontab:  // says nothing of the lines
      case Operands::None:
        return;
    }
  }

 private:
  void add(VerbSet verbs, ConsentObject object, Binding binding = Binding::Named) {
    ConsentClaim claim;
    claim.verbs = verbs;
    claim.object = std::move(object);
    claim.binding = binding;
    claims_.push_back(std::move(claim));
  }

  [[nodiscard]] bool has_option(std::string_view letters, std::string_view word) const {
    return std::any_of(words_.begin() + 1, words_.end(), [&](const std::string& option) {
      if (option.starts_with("--")) return option == word;
      return option.starts_with('-') && option.find_first_of(letters) != std::string::npos;
    });
  }

  void path(const std::string& written, VerbSet verbs) {
    std::string name = canonical_path(written);
    if (name.empty()) return;
    // What is deleted with all below it is named as such.
    const bool recursive =
        verbs.has(Verb::Delete) && words_[0] == "rm" && has_option("rR", "--recursive");
    add(verbs, ConsentObject::path(name));
    if (recursive && !is_shared(name)) add(verbs, ConsentObject::path(name + "/**"));
  }
  void paths(const Words& written, VerbSet verbs) {
    if (words_[0] == "tee" && has_option("a", "--append")) verbs = {Verb::Create, Verb::Modify};
    if (words_[0] == "find" && std::find(words_.begin(), words_.end(), "-delete") != words_.end())
      return find_delete(written);
    for (const std::string& each : written) path(each, verbs);
  }

  /// `find ~/x -name '*.tmp' -delete`.
  void find_delete(const Words& written) {
    for (std::size_t i = 1; i + 1 < words_.size(); ++i)
      if (words_[i] == "-name") path(written[0] + "/**" + words_[i + 1], {Verb::Delete});
    path(written[0], {Verb::Read});
  }

  void last_is_new(VerbSet verbs) {
    if (operands_.size() < 2) return;
    const std::string target = operands_.back();
    operands_.pop_back();
    paths(operands_, verbs);
    ConsentClaim claim;
    claim.verbs = {Verb::Create};
    claim.loosely = {Verb::Overwrite, Verb::Modify};
    claim.object = ConsentObject::path(canonical_path(target));
    if (!claim.object.name.empty()) claims_.push_back(std::move(claim));
  }

  void script(VerbSet verbs) {
    if (operands_.empty()) return;
    operands_.erase(operands_.begin());
    if (words_[0] == "sed" && has_option("i", "--in-place")) verbs = {Verb::Read, Verb::Modify};
    paths(operands_, verbs);
  }

  void remote() {
    for (std::size_t i = 0; i < operands_.size(); ++i) {
      const bool is_last = i + 1 == operands_.size();
      const std::size_t colon = operands_[i].find(':');
      if (colon == std::string::npos) {
        path(operands_[i], is_last ? VerbSet{Verb::Create} : VerbSet{Verb::Read});
        continue;
      }
      for (ConsentObject& object : objects_in(operands_[i].substr(0, colon), true))
        if (object.kind == ConsentKind::Host)
          add(is_last ? VerbSet{Verb::Send} : VerbSet{Verb::Receive}, std::move(object));
    }
  }

  void hosts(VerbSet verbs) {
    for (const std::string& operand : operands_)
      for (ConsentObject& object : objects_in(operand, true))
        if (object.kind == ConsentKind::Host) add(verbs, std::move(object));
  }

  void packages(VerbSet verbs) {
    static constexpr auto kInstalling =
        std::to_array<std::string_view>({"install", "i", "add", "ci", "-S", "get", "reinstall"});
    static constexpr auto kRemoving =
        std::to_array<std::string_view>({"remove", "uninstall", "purge", "rm"});
    const bool installs = std::any_of(words_.begin() + 1, words_.end(),
                                      [](const std::string& w) { return among(kInstalling, w); });
    const bool removes = std::any_of(words_.begin() + 1, words_.end(),
                                     [](const std::string& w) { return among(kRemoving, w); });
    if (!installs && !removes) return mentioned();
    for (const std::string& operand : operands_) {
      if (among(kInstalling, operand) || among(kRemoving, operand)) continue;
      std::string name = operand.substr(0, operand.find_first_of("=<>[~"));
      if (const std::size_t at = name.rfind('@'); at != std::string::npos && at > 0)
        name.resize(at);
      add(removes ? VerbSet{Verb::Delete} : verbs, ConsentObject::package(name));
    }
  }

  void http(VerbSet verbs) {
    static constexpr auto kSending = std::to_array<std::string_view>(
        {"-d", "-F", "-T", "--data", "--data-binary", "--data-raw", "--data-urlencode", "--json",
         "--form", "--upload-file", "--post-data", "--post-file"});
    static constexpr auto kMethods =
        std::to_array<std::string_view>({"POST", "PUT", "PATCH", "DELETE", "-XPOST", "-XPUT"});
    bool sends = verbs.has(Verb::Send);
    for (std::size_t i = 1; i < words_.size(); ++i) {
      const std::string_view option(words_[i]);
      const std::string_view name = option.substr(0, option.find('='));
      if (!among(kSending, name) && !among(kMethods, option)) continue;
      sends = true;
      const bool has_next = i + 1 < words_.size();
      const std::string value = name.size() < option.size()
                                    ? std::string(option.substr(name.size() + 1))
                                : has_next ? words_[i + 1]
                                           : "";
      const bool is_file = value.starts_with('@') || name == "-T" || name == "--upload-file" ||
                           name == "--post-file";
      if (is_file) path(value.substr(value.starts_with('@') ? 1 : 0), {Verb::Read, Verb::Send});
    }
    signs_in();
    for (const std::string& operand : operands_)
      for (ConsentObject& object : objects_in(operand, false))
        if (object.kind == ConsentKind::Host)
          add(sends ? VerbSet{Verb::Send, Verb::Receive} : VerbSet{Verb::Receive},
              std::move(object));
  }

  /// `-H "Authorization: Bearer $X_KEY" https://api.x.example`: the variable is for that one host.
  /// One that is known to be for another service is not.
  void signs_in() {
    static constexpr auto kOthers = std::to_array<std::string_view>(
        {"GITHUB_", "GH_", "AWS_", "GOOGLE_", "GCP_", "NPM_", "AZURE_", "SSH_"});
    std::vector<std::string> hosts;
    for (const std::string& operand : operands_)
      for (const ConsentObject& object : objects_in(operand, false))
        if (object.kind == ConsentKind::Host) hosts.push_back(object.name);
    if (hosts.size() != 1) return;
    for (std::size_t i = 1; i + 1 < words_.size(); ++i) {
      if (words_[i] != "-H" && words_[i] != "--header" && words_[i] != "-u" &&
          words_[i] != "--user" && words_[i] != "--oauth2-bearer")
        continue;
      const std::string_view value = words_[i + 1];
      const std::size_t at = value.find('$');
      if (at == std::string_view::npos || at + 1 == value.size()) continue;
      const std::size_t from = at + (value[at + 1] == '{' ? 2 : 1);
      std::size_t end = from;
      while (end < value.size() &&
             (std::isalnum(static_cast<unsigned char>(value[end])) != 0 || value[end] == '_'))
        ++end;
      const std::string name(value.substr(from, end - from));
      if (name.empty() || std::any_of(kOthers.begin(), kOthers.end(), [&](std::string_view other) {
            return name.starts_with(other);
          }))
        continue;
      add({Verb::Send}, ConsentObject::variable(name, hosts[0]));
    }
  }

  void git() {
    if (operands_.empty()) return;
    const std::string& what = operands_[0];
    if (what == "config" && operands_.size() >= 3) {
      const std::size_t key = operands_[1] == "set" ? 2 : 1;
      if (key + 1 < operands_.size())
        add({Verb::Modify, Verb::Stay},
            ConsentObject::setting("git", operands_[key], operands_[key + 1]));
      if (has_option("", "--global")) add({Verb::Modify}, ConsentObject::path("~/.gitconfig"));
      return;
    }
    const VerbSet verbs =
        what == "push" ? VerbSet{Verb::Send, Verb::Receive} : VerbSet{Verb::Receive};
    hosts(verbs);
    // Without an address it is the remote of the project that the skill works on.
    if (what == "push" || what == "pull" || what == "fetch")
      add(verbs, ConsentObject::host_at(std::string(kProjectHost)));
    if (what == "clone" && operands_.size() > 2) path(operands_.back(), {Verb::Create});
  }

  /// That others than the program read its sign-in is not said. False: it is no service's client.
  bool service_hosts() {
    bool any = false;
    for (const ServiceProgram& each : kServicePrograms) {
      if (words_[0] != each.program) continue;
      add({Verb::Send, Verb::Receive}, ConsentObject::host_at(std::string(each.host)));
      any = true;
    }
    return any;
  }

  void systemctl() {
    if (operands_.empty()) return;
    static constexpr auto kStarting =
        std::to_array<std::string_view>({"enable", "start", "restart", "reenable", "link"});
    static constexpr auto kEnding =
        std::to_array<std::string_view>({"disable", "stop", "mask", "kill"});
    const VerbSet verbs = among(kStarting, operands_[0]) ? VerbSet{Verb::Stay}
                          : among(kEnding, operands_[0]) ? VerbSet{Verb::Delete, Verb::Modify}
                                                         : VerbSet{};
    for (std::size_t i = 1; i < operands_.size(); ++i) {
      std::string unit = operands_[i];
      if (unit.find('.') == std::string::npos) unit += ".service";
      ConsentObject object{ConsentKind::Unit, unit};
      if (!verbs.empty()) add(verbs, std::move(object));
    }
  }

  /// `-o FILE`, `--output=FILE`: of any program.
  void output_option() {
    static constexpr auto kOutput =
        std::to_array<std::string_view>({"-o", "--output", "--out", "--output-file", "--outfile"});
    for (std::size_t i = 1; i < words_.size(); ++i) {
      const std::string_view option(words_[i]);
      const std::string_view name = option.substr(0, option.find('='));
      if (!among(kOutput, name)) continue;
      std::string value;
      if (name.size() < option.size())
        value = option.substr(name.size() + 1);
      else if (i + 1 < words_.size())
        value = words_[i + 1];
      if (!value.empty() && !value.starts_with('-')) path(value, {Verb::Create});
    }
  }

  void mentioned() {
    for (const std::string& operand : operands_)
      for (ConsentObject& object : objects_in(operand, false))
        if (object.kind != ConsentKind::Host || operand.find("://") != std::string::npos)
          add({}, std::move(object), Binding::Mentioned);
  }

  const Words& words_;
  std::vector<ConsentClaim>& claims_;
  Words operands_;
};

}  // namespace

void add_operand_claims(const std::vector<std::string>& words, std::vector<ConsentClaim>& claims) {
  if (words.empty()) return;
  const std::string_view program(words[0]);
  Operand(words, claims).read(command_verbs(program.substr(program.rfind('/') + 1)));
}

}  // namespace skillaudit
