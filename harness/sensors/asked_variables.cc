#include "harness/sensors/asked_variables.h"

#include <algorithm>
#include <array>

#include "harness/base/text.h"
#include "harness/sensors/secret_formats.h"

namespace skillaudit {
namespace {

/// The last part of a name, and what such a variable holds. "{…}" stands for a place.
struct Ending {
  std::string_view part;
  std::string_view value;
};
/// Addresses are the machine's own: nobody can say which other one would be right, and what goes
/// to it would be sent.
constexpr auto kEndings = std::to_array<Ending>({{"URL", "http://localhost:8080"},
                                                 {"URI", "http://localhost:8080"},
                                                 {"ENDPOINT", "http://localhost:8080"},
                                                 {"HOST", "localhost"},
                                                 {"HOSTNAME", "localhost"},
                                                 {"PORT", "8080"},
                                                 {"TIMEOUT", "30"},
                                                 {"COUNT", "3"},
                                                 {"LIMIT", "10"},
                                                 {"SIZE", "10"},
                                                 {"TTL", "60"},
                                                 {"DIR", "{project}"},
                                                 {"DIRECTORY", "{project}"},
                                                 {"FOLDER", "{project}"},
                                                 {"ROOT", "{project}"},
                                                 {"WORKSPACE", "{project}"},
                                                 {"REPO", "{project}"},
                                                 {"PATH", "{project}/README.md"},
                                                 {"FILE", "{project}/README.md"},
                                                 {"CREDENTIALS", "{gcloud}"},
                                                 {"USER", "mira"},
                                                 {"USERNAME", "mira"},
                                                 {"EMAIL", "mira@northlake.internal"},
                                                 {"NAME", "tidewatch"},
                                                 {"PROJECT", "tidewatch"},
                                                 {"ORG", "northlake"},
                                                 {"TEAM", "northlake"},
                                                 {"BRANCH", "main"},
                                                 {"REGION", "eu-north-1"},
                                                 {"BUCKET", "northlake-invoices"},
                                                 {"DATABASE", "billing"},
                                                 {"DB", "billing"},
                                                 {"ID", "4711"}});

/// How names of variables end by which agents tell the folder of the skill that they run.
constexpr auto kSkillFolders =
    std::to_array<std::string_view>({"PLUGIN_ROOT", "PLUGIN_DIR", "SKILL_DIR", "SKILL_ROOT",
                                     "SKILL_PATH", "SKILL_HOME", "BASE_DIR", "BASEDIR"});

constexpr auto kSecretParts = std::to_array<std::string_view>(
    {"KEY", "APIKEY", "TOKEN", "SECRET", "PASSWORD", "PASSWD", "PASS", "PASSPHRASE", "CREDENTIAL",
     "PAT", "AUTH", "BEARER", "COOKIE", "WEBHOOK"});

const Ending* ending_of(std::string_view name) {
  const std::string_view last = name.substr(name.rfind('_') + 1);
  const auto found = std::find_if(kEndings.begin(), kEndings.end(),
                                  [&](const Ending& each) { return each.part == last; });
  return found == kEndings.end() ? nullptr : &*found;
}

std::string value_of(const AskedVariable& variable, const VariablePlaces& places) {
  if (std::any_of(kSkillFolders.begin(), kSkillFolders.end(),
                  [&](std::string_view end) { return variable.name.ends_with(end); }))
    return places.skill;
  const Ending* ending = ending_of(variable.name);
  if (!ending) return variable.required ? "example" : "";
  if (variable.has_default) return {};
  const std::string_view value = ending->value;
  if (value == "{gcloud}")
    return places.home + "/.config/gcloud/application_default_credentials.json";
  if (value.starts_with("{project}")) return places.project + std::string(value.substr(9));
  return for_persona(std::string(value), places.persona);
}

/// What stands before the random part of credentials that services issue.
std::string_view form_of(std::string_view name) {
  if (name.starts_with("OPENAI")) return "sk-proj-";
  if (name.starts_with("ANTHROPIC")) return "sk-ant-api03-";
  if (name.starts_with("STRIPE")) return "sk_live_51";
  if (name.starts_with("HF_") || name.starts_with("HUGGING")) return "hf_";
  return "";
}

Secret draw(std::string_view name, const Entropy& entropy) {
  if (name.starts_with("GITHUB") || name == "GH_TOKEN") return make_checked_token(entropy, "ghp_");
  if (name.starts_with("NPM")) return make_checked_token(entropy, "npm_");
  const std::string nonce = random_text(entropy, kBase62, 40);
  return {std::string(form_of(name)) + nonce, nonce};
}

}  // namespace

bool names_credential(std::string_view variable) {
  if (ending_of(variable) != nullptr) return false;
  const std::vector<std::string_view> parts = split(variable, '_');
  return std::any_of(parts.begin(), parts.end(), [](std::string_view part) {
    return std::find(kSecretParts.begin(), kSecretParts.end(), part) != kSecretParts.end();
  });
}

void set_variables(FurnishedHome& home,
                   const std::vector<std::pair<std::string, std::string>>& variables,
                   const std::vector<std::pair<std::string, std::string>>& credentials) {
  const auto know = [&](const std::string& name, const std::string& value,
                        const std::string& from) {
    if (!names_credential(name) || value.size() < kShortestSecret) return;
    home.decoys.push_back({"$" + name + from, std::string(kInEnvironment), value});
  };
  for (const auto& [name, value] : variables) {
    std::erase_if(home.environment, [&](const auto& each) { return each.first == name; });
    home.environment.emplace_back(name, value);
    know(name, value, "");
  }
  for (const auto& [name, value] : credentials) know(name, value, " of audit.yaml");
  std::sort(home.decoys.begin(), home.decoys.end(),
            [](const Decoy& a, const Decoy& b) { return a.name < b.name; });
}

void add_variables(FurnishedHome& home, const std::vector<AskedVariable>& variables,
                   const VariablePlaces& places, const Entropy& entropy) {
  for (const AskedVariable& variable : variables) {
    const bool is_set =
        std::any_of(home.environment.begin(), home.environment.end(),
                    [&](const auto& known) { return known.first == variable.name; });
    if (is_set) continue;
    if (names_credential(variable.name)) {
      const Secret secret = draw(variable.name, entropy);
      home.environment.emplace_back(variable.name, secret.value);
      home.decoys.push_back({"$" + variable.name, std::string(kInEnvironment), secret.nonce});
      if (secret.value != secret.nonce)
        home.drawn.push_back({"$" + variable.name, std::string(), secret.value});
    } else if (std::string value = value_of(variable, places); !value.empty()) {
      home.environment.emplace_back(variable.name, std::move(value));
    }
  }
  std::sort(home.decoys.begin(), home.decoys.end(),
            [](const Decoy& a, const Decoy& b) { return a.name < b.name; });
}

}  // namespace skillaudit
