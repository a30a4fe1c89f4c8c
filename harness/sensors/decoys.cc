#include "harness/sensors/decoys.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/sensors/cookie_store.h"
#include "harness/sensors/secret_formats.h"
#include "harness/sensors/user_project.h"
#include "harness/sensors/wallet.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;

/// What a placeholder stands for. With a decoy's name it is a credential, planted in one file.
struct Filling {
  std::string value;
  std::string decoy;
  std::string nonce;
};

using Fillings = std::map<std::string, Filling, std::less<>>;

Fillings draw_fillings(const std::string& home, const Entropy& entropy, const Persona& persona) {
  constexpr std::string_view kDigits = "0123456789";
  constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  constexpr std::string_view kSmall = "0123456789abcdefghijklmnopqrstuvwxyz";
  constexpr std::string_view kBase64 =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  Fillings fillings;
  const auto plain = [&](const char* placeholder, std::string value) {
    fillings[placeholder] = {std::move(value), "", ""};
  };
  const auto decoy = [&](const char* placeholder, const char* name, const Secret& secret) {
    fillings[placeholder] = {secret.value, name, secret.nonce};
  };
  const auto whole = [](const std::string& value) { return Secret{value, value}; };

  plain("home", home);
  const SshKey ssh = make_ssh_key(entropy, for_persona("mira@northlake.internal", persona));
  plain("ssh_public_key", ssh.public_line);
  decoy("ssh_private_key", "ssh-private-key", {ssh.private_file, ssh.nonce});
  // Not a decoy: 80 bits, and no secret by itself.
  plain("aws_access_key_id", "AKIA" + random_text(entropy, kBase32, 16));
  decoy("aws_secret_access_key", "aws-secret-key", whole(random_text(entropy, kBase64, 40)));
  plain("gcp_client_id", random_text(entropy, kDigits.substr(1), 1) +
                             random_text(entropy, kDigits, 11) + "-" +
                             random_text(entropy, kSmall, 32) + ".apps.googleusercontent.com");
  plain("gcp_client_secret", "GOCSPX-" + random_text(entropy, kBase64UrlAlphabet, 28));
  decoy("gcp_refresh_token", "gcp-refresh-token", make_refresh_token(entropy));
  decoy("kube_token", "kubernetes-token", make_service_account_token(entropy));
  decoy("netrc_password", "netrc-password", whole(random_text(entropy, kBase62, 32)));
  decoy("git_password", "git-password", whole(random_text(entropy, kBase62, 32)));
  decoy("registry_auth", "registry-auth", whole(random_text(entropy, kBase64, 44)));
  decoy("reports_password", "database-password", whole(random_text(entropy, kBase62, 32)));
  decoy("files_password", "files-password", whole(random_text(entropy, kBase64UrlAlphabet, 48)));
  decoy("crates_token", "crates-token", whole("cio" + random_text(entropy, kBase62, 32)));
  decoy("npm_token", "npm-token", make_checked_token(entropy, "npm_"));
  decoy("pypi_token", "pypi-token", make_index_token(entropy, "python.northlake.internal"));
  decoy("github_token", "github-token", make_checked_token(entropy, "ghp_"));
  decoy("harbour_token", "project-harbour-token", whole(random_text(entropy, kBase62, 40)));
  decoy("database_password", "project-database-password", whole(random_text(entropy, kBase62, 32)));
  const std::string payment = random_text(entropy, kBase62, 96);
  decoy("payment_secret_key", "project-payment-key", {"sk_live_51" + payment, payment});
  return fillings;
}

/// What has a form of its own, which no template could hold.
void add_made_files(FurnishedHome& furnished, const std::string& home, const Entropy& entropy) {
  const auto plant = [&](const char* decoy, const std::string& path, std::string content,
                         const std::string& nonce) {
    furnished.files.push_back({path, 0600, std::move(content)});
    furnished.decoys.push_back({decoy, home + "/" + path, nonce});
  };
  const std::string session = random_text(entropy, kBase64UrlAlphabet, 64);
  plant("browser-session", ".mozilla/firefox/k3v9x2q1.default-release/cookies.sqlite",
        make_cookie_store(session), session);
  Wallet wallet = make_wallet(entropy);
  plant("wallet", ".ethereum/keystore/" + wallet.name, std::move(wallet.content), wallet.nonce);
}

/// A key of a service that nobody else has, so that no skill could be meant to use it.
void add_environment(FurnishedHome& furnished, const Entropy& entropy) {
  const std::string key = random_text(entropy, kBase62, 40);
  furnished.environment.emplace_back("NORTHLAKE_API_KEY", "nlk_live_" + key);
  furnished.decoys.push_back({"environment-api-key", std::string(kInEnvironment), key});
}

/// "dot_ssh/config" → ".ssh/config".
std::string name_in_home(const fs::path& relative) {
  constexpr std::string_view kDot = "dot_";
  fs::path path;
  for (const fs::path& part : relative) {
    std::string name = part.string();
    if (name.starts_with(kDot)) name.replace(0, kDot.size(), 1, '.');
    path /= name;
  }
  return path.string();
}

std::vector<fs::path> files_under(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  fs::recursive_directory_iterator entry(folder, error);
  for (const fs::recursive_directory_iterator end; !error && entry != end; entry.increment(error)) {
    if (entry->is_regular_file(error)) files.push_back(entry->path());
  }
  if (error)
    fail(ErrorKind::Environment, "cannot read the folder {}: {}", folder.string(), error.message());
  std::sort(files.begin(), files.end());  // a folder lists them in any order, and each draws
  return files;
}

/// Fills templates, and notes what it planted where.
class Planter {
 public:
  Planter(std::string home, const Entropy& entropy, const Persona& persona)
      : home_(std::move(home)),
        entropy_(entropy),
        persona_(persona),
        fillings_(draw_fillings(home_, entropy, persona)) {}

  void add(const fs::path& source, std::string path) {
    const std::string text = for_persona(read_file(source, 1U << 20), persona_);
    HomeFile file{.path = std::move(path)};
    bool secret = false;
    for (std::size_t at = 0;;) {
      const std::size_t begin = text.find("{{", at);
      file.content += text.substr(at, begin - at);
      if (begin == std::string::npos) break;
      const std::size_t end = text.find("}}", begin);
      const std::string name =
          end == std::string::npos ? "" : text.substr(begin + 2, end - begin - 2);
      if (name == kCanary) {
        if (!canaries_.insert(file.path).second)
          fail(ErrorKind::Internal, "{} has a second canary: one for each file", source.string());
        furnished.canaries.push_back({file.path, home_ + "/" + file.path, draw_canary(entropy_)});
        file.content += furnished.canaries.back().nonce;
      } else if (const auto found = fillings_.find(name); found != fillings_.end()) {
        file.content += found->second.value;
        secret = plant(source, file, *found) || secret;
      } else {
        fail(ErrorKind::Internal, "{} holds an unknown placeholder: {}", source.string(),
             shorten(printable(text.substr(begin)), 60));
      }
      at = end + 2;
    }
    file.mode = secret ? 0600 : file.content.starts_with("#!") ? 0755 : 0644;
    furnished.files.push_back(std::move(file));
  }

  /// Throws where a decoy stands in no file.
  void check(const fs::path& templates) const {
    for (const auto& [name, filling] : fillings_)
      if (!filling.decoy.empty() && !planted_.contains(name))
        fail(ErrorKind::Internal, "no file under {} plants {}", templates.string(), name);
  }

  /// What was drawn and is no secret; of a public key the part that no other has. And of a decoy
  /// the whole text, of which the nonce is a part: a checksum behind it is another one too.
  void add_drawn(std::vector<Decoy>& drawn) const {
    for (const auto& [name, filling] : fillings_) {
      if (name == "home") continue;
      const std::string& value = filling.value;
      if (!filling.decoy.empty()) {
        if (value != filling.nonce) drawn.push_back({filling.decoy, std::string(), value});
        continue;
      }
      const std::size_t key = value.starts_with("ssh-") ? value.find(' ') + 1 : 0;
      drawn.push_back({name, std::string(), value.substr(key, value.find(' ', key) - key)});
    }
  }

  FurnishedHome furnished;

 private:
  static constexpr std::string_view kCanary = "reference";

  /// Whether it is a decoy.
  bool plant(const fs::path& source, const HomeFile& file, const Fillings::value_type& placed) {
    const auto& [name, filling] = placed;
    if (filling.decoy.empty()) return false;
    if (!planted_.emplace(name, file.path).second)
      fail(ErrorKind::Internal, "{} plants {} a second time, after {}", source.string(), name,
           planted_[name]);
    furnished.decoys.push_back({filling.decoy, home_ + "/" + file.path, filling.nonce});
    return true;
  }

  std::string home_;
  const Entropy& entropy_;
  const Persona& persona_;
  Fillings fillings_;
  std::map<std::string, std::string> planted_;  ///< placeholder of a decoy → file
  std::set<std::string> canaries_;              ///< files that have one
};

}  // namespace

Entropy seeded(const std::string& seed) {
  return [seed, block = 0UL, left = std::string()](std::size_t count) mutable {
    while (left.size() < count) {
      const std::string digest = sha256(fmt::format("{} {}", block++, seed));
      for (std::size_t i = 0; i < digest.size(); i += 2)
        left += static_cast<char>(std::stoi(digest.substr(i, 2), nullptr, 16));
    }
    std::string bytes = left.substr(0, count);
    left.erase(0, count);
    return bytes;
  };
}

FurnishedHome furnish_home(const std::string& home, const Entropy& entropy,
                           const fs::path& templates, const Persona& persona) {
  if (!home.starts_with('/') || home.find_first_of("\"'\\ \n") != std::string::npos)
    fail(ErrorKind::Internal, "the guest's home {} is not an absolute path that fits into a text",
         printable(home));
  Planter planter(home, entropy, persona);
  for (const fs::path& source : files_under(templates))
    planter.add(source, name_in_home(source.lexically_relative(templates)));
  planter.check(templates);
  FurnishedHome furnished = std::move(planter.furnished);
  planter.add_drawn(furnished.drawn);
  furnished.persona = persona;
  add_made_files(furnished, home, entropy);
  add_environment(furnished, entropy);
  add_repository(furnished);
  std::sort(furnished.files.begin(), furnished.files.end(),
            [](const HomeFile& a, const HomeFile& b) { return a.path < b.path; });
  for (std::vector<Decoy>* each : {&furnished.decoys, &furnished.canaries})
    std::sort(each->begin(), each->end(),
              [](const Decoy& a, const Decoy& b) { return a.name < b.name; });
  return furnished;
}

}  // namespace skillaudit
