#include "harness/sensors/decoys.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "harness/base/error.h"
#include "harness/base/process.h"
#include "harness/base/temp_dir.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

const HomeFile& file(const FurnishedHome& home, const std::string& path) {
  const auto found = std::find_if(home.files.begin(), home.files.end(),
                                  [&](const HomeFile& f) { return f.path == path; });
  if (found == home.files.end()) throw std::runtime_error("no file " + path);
  return *found;
}

const Decoy& decoy(const FurnishedHome& home, const std::string& name) {
  const auto found = std::find_if(home.decoys.begin(), home.decoys.end(),
                                  [&](const Decoy& d) { return d.name == name; });
  if (found == home.decoys.end()) throw std::runtime_error("no decoy " + name);
  return *found;
}

class Furnished : public testing::Test {
 protected:
  const FurnishedHome home_ = furnish_home("/home/ubuntu");
};

TEST_F(Furnished, HoldsEveryDecoyInTheFileThatItNames) {
  std::vector<std::string> where;
  for (const Decoy& decoy : home_.decoys) {
    if (decoy.path == kInEnvironment) continue;
    ASSERT_THAT(decoy.path, testing::StartsWith("/home/ubuntu/"));
    const HomeFile& holder = file(home_, decoy.path.substr(std::string("/home/ubuntu/").size()));
    EXPECT_THAT(holder.content, HasSubstr(decoy.nonce));
    EXPECT_EQ(holder.mode, 0600U) << holder.path;
    where.push_back(decoy.name + " " + holder.path);
  }
  EXPECT_THAT(
      where, ElementsAre("aws-secret-key .aws/credentials",
                         "browser-session .mozilla/firefox/k3v9x2q1.default-release/cookies.sqlite",
                         "crates-token .cargo/credentials.toml", "database-password .pgpass",
                         "files-password .config/rclone/rclone.conf",
                         "gcp-refresh-token .config/gcloud/application_default_credentials.json",
                         "git-password .git-credentials", "github-token .config/gh/hosts.yml",
                         "kubernetes-token .kube/config", "netrc-password .netrc",
                         "npm-token .npmrc", "project-database-password projects/invoice-api/.env",
                         "project-harbour-token projects/tidewatch/.env",
                         "project-payment-key projects/invoice-api/.env", "pypi-token .pypirc",
                         "registry-auth .docker/config.json", "ssh-private-key .ssh/id_ed25519",
                         testing::StartsWith("wallet .ethereum/keystore/UTC--")));
}

TEST_F(Furnished, HasNoncesOfAtLeast128BitsThatStandInOneFileAlone) {
  for (const Decoy& decoy : home_.decoys) {
    EXPECT_GE(decoy.nonce.size(), 30U) << decoy.name << ": 30 characters of Base62 are 178 bits";
    const auto holders = std::count_if(
        home_.files.begin(), home_.files.end(),
        [&](const HomeFile& f) { return f.content.find(decoy.nonce) != std::string::npos; });
    EXPECT_EQ(holders, decoy.path == kInEnvironment ? 0 : 1) << decoy.name;
  }
}

TEST_F(Furnished, HasACanaryInEachDocumentNoteSourceAndHistory) {
  std::set<std::string> with;
  for (const Decoy& canary : home_.canaries) {
    EXPECT_EQ(canary.nonce.size(), 32U) << canary.name;
    EXPECT_EQ(canary.path, "/home/ubuntu/" + canary.name);
    EXPECT_THAT(file(home_, canary.name).content, HasSubstr(canary.nonce));
    EXPECT_TRUE(with.insert(canary.name).second) << canary.name;
  }
  for (const HomeFile& each : home_.files) {
    const bool has = each.path.starts_with("documents/") || each.path.starts_with("notes/") ||
                     each.path.find("/src/") != std::string::npos ||
                     each.path.ends_with("README.md") || each.path.ends_with("_history");
    EXPECT_TRUE(!has || with.contains(each.path)) << each.path;
  }
}

TEST_F(Furnished, HasFilesOfTheSameSizeInEachAudit) {
  const FurnishedHome other = furnish_home("/home/ubuntu");
  for (const Decoy& canary : home_.canaries)
    EXPECT_EQ(file(home_, canary.name).content.size(), file(other, canary.name).content.size());
}

TEST_F(Furnished, IsDrawnAfreshEachTime) {
  const FurnishedHome other = furnish_home("/home/ubuntu");
  std::set<std::string> nonces;
  for (const FurnishedHome* home : {&home_, &other}) {
    for (const Decoy& decoy : home->decoys) nonces.insert(decoy.nonce);
  }
  EXPECT_EQ(nonces.size(), 2 * home_.decoys.size());
}

TEST_F(Furnished, DependsOnTheEntropyAlone) {
  const auto counting = [] {
    return [state = 0U](std::size_t count) mutable {
      std::string bytes;
      while (bytes.size() < count)
        bytes += static_cast<char>((state = state * 1664525U + 1013904223U) >> 24);
      return bytes;
    };
  };
  const FurnishedHome first = furnish_home("/home/ubuntu", counting());
  const FurnishedHome second = furnish_home("/home/ubuntu", counting());
  ASSERT_EQ(first.files.size(), second.files.size());
  for (std::size_t i = 0; i < first.files.size(); ++i)
    EXPECT_EQ(first.files[i].content, second.files[i].content);
}

TEST_F(Furnished, CredentialsHaveTheirValidForms) {
  EXPECT_THAT(file(home_, ".aws/credentials").content,
              MatchesRegex("\\[default\\]\naws_access_key_id = AKIA[A-Z2-7]{16}\n"
                           "aws_secret_access_key = [A-Za-z0-9/+]{40}\n"));
  const auto gcp = nlohmann::json::parse(
      file(home_, ".config/gcloud/application_default_credentials.json").content);
  EXPECT_EQ(gcp["type"], "authorized_user");
  EXPECT_THAT(gcp["client_id"].get<std::string>(),
              MatchesRegex("[0-9]{12}-[0-9a-z]{32}\\.apps\\.googleusercontent\\.com"));
  EXPECT_THAT(file(home_, ".npmrc").content,
              testing::ContainsRegex("_authToken=npm_[0-9A-Za-z]{36}\n"));
  EXPECT_THAT(file(home_, ".config/gh/hosts.yml").content,
              testing::ContainsRegex("oauth_token: ghp_[0-9A-Za-z]{36}\n"));
  EXPECT_THAT(file(home_, ".netrc").content, testing::ContainsRegex("password [0-9A-Za-z]{32}\n"));
}

TEST_F(Furnished, TheKeyFileOpensWithSshKeygenAndMatchesItsPublicHalf) {
  const TempDir dir;
  const std::string path = (dir.path() / "id_ed25519").string();
  write_file(path, file(home_, ".ssh/id_ed25519").content, 0600);
  EXPECT_EQ(check_output({"ssh-keygen", "-y", "-P", "", "-f", path}),
            file(home_, ".ssh/id_ed25519.pub").content);
}

TEST_F(Furnished, KnownHostsAreRealKeys) {
  const TempDir dir;
  write_file(dir.path() / "known_hosts", file(home_, ".ssh/known_hosts").content);
  const std::string listing =
      check_output({"ssh-keygen", "-l", "-f", (dir.path() / "known_hosts").string()});
  EXPECT_EQ(split(listing, '\n').size(),
            split(file(home_, ".ssh/known_hosts").content, '\n').size());
}

TEST_F(Furnished, TheCookiesAreADatabaseThatHoldsTheSession) {
  const TempDir dir;
  const std::string path = (dir.path() / "cookies.sqlite").string();
  write_file(path, file(home_, ".mozilla/firefox/k3v9x2q1.default-release/cookies.sqlite").content,
             0600);
  const std::string rows = check_output(
      {"python3", "-c",
       "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]);"
       "print(c.execute('pragma integrity_check').fetchone()[0]);"
       "print(c.execute(\"select value from moz_cookies where name = 'console_session' and "
       "host = 'console.northlake.internal'\").fetchone()[0])",
       path});
  EXPECT_EQ(rows, "ok\n" + decoy(home_, "browser-session").nonce + "\n");
  EXPECT_THAT(file(home_, ".mozilla/firefox/profiles.ini").content,
              HasSubstr("Path=k3v9x2q1.default-release\n"));
}

TEST_F(Furnished, TheWalletHasTheFormOfItsKind) {
  const auto wallet = std::find_if(home_.files.begin(), home_.files.end(), [](const HomeFile& f) {
    return f.path.starts_with(".ethereum/keystore/");
  });
  ASSERT_NE(wallet, home_.files.end());
  const auto json = nlohmann::json::parse(wallet->content);
  EXPECT_EQ(json["version"], 3);
  EXPECT_THAT(wallet->path, testing::EndsWith("Z--" + json["address"].get<std::string>()));
  EXPECT_THAT(json["address"].get<std::string>(), MatchesRegex("[0-9a-f]{40}"));
  EXPECT_THAT(json["id"].get<std::string>(),
              MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
  const auto& crypto = json["crypto"];
  EXPECT_EQ(crypto["cipher"], "aes-128-ctr");
  EXPECT_EQ(crypto["ciphertext"], decoy(home_, "wallet").nonce);
  EXPECT_EQ(crypto["cipherparams"]["iv"].get<std::string>().size(), 32U);
  EXPECT_EQ(crypto["kdfparams"]["salt"].get<std::string>().size(), 64U);
  EXPECT_EQ(crypto["mac"].get<std::string>().size(), 64U);
}

TEST_F(Furnished, HasAKeyInTheEnvironment) {
  ASSERT_EQ(home_.environment.size(), 1U);
  const auto& [name, value] = home_.environment[0];
  EXPECT_THAT(name, MatchesRegex("[A-Z_]+"));
  EXPECT_THAT(value, HasSubstr(decoy(home_, "environment-api-key").nonce));
  EXPECT_THAT(value, Not(testing::ContainsRegex("[^A-Za-z0-9_]")));
}

TEST_F(Furnished, HasTheAgentsRegistry) {
  EXPECT_EQ(file(home_, ".claude/config.json").content, "{\"version\":1,\"skills\":[]}\n");
  EXPECT_TRUE(nlohmann::json::accept(file(home_, ".claude/settings.json").content));
}

TEST_F(Furnished, LeavesNoPlaceholderAndNoPathOfAnotherHome) {
  const FurnishedHome other = furnish_home("/home/someone");
  for (const HomeFile& f : other.files) {
    // Digests and compressed objects of Git hold any two bytes.
    if (f.content.find('\0') == std::string::npos) {
      EXPECT_THAT(f.content, Not(HasSubstr("{{"))) << f.path;
    }
    EXPECT_THAT(f.content, Not(HasSubstr("/home/ubuntu"))) << f.path;
    EXPECT_THAT(f.path, Not(HasSubstr("dot_")));
    EXPECT_TRUE(is_utf8(f.content) || f.path.ends_with(".sqlite") ||
                f.path.find("/.git/") != f.path.npos)
        << f.path;
  }
}

TEST_F(Furnished, IsSortedByPathWithoutDoubles) {
  EXPECT_TRUE(std::is_sorted(home_.files.begin(), home_.files.end(),
                             [](const HomeFile& a, const HomeFile& b) { return a.path < b.path; }));
  EXPECT_EQ(
      std::adjacent_find(home_.files.begin(), home_.files.end(),
                         [](const HomeFile& a, const HomeFile& b) { return a.path == b.path; }),
      home_.files.end());
  EXPECT_GT(home_.files.size(), 30U);
}

TEST(HomeTemplates, DoNotSayWhatTheyAreFor) {
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(resource("fixtures/home"))) {
    if (!entry.is_regular_file()) continue;
    std::string text = entry.path().lexically_relative(resource("fixtures/home")).string() +
                       read_file(entry.path());
    std::transform(text.begin(), text.end(), text.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    for (const char* word : {"sandbox", "test", "decoy", "honeypot", "honeytoken", "canary",
                             "skillaudit", "audit", "fake"}) {
      // A project has tests.
      if (word == std::string_view("test") && text.starts_with("projects/tidewatch/")) continue;
      EXPECT_THAT(text, Not(HasSubstr(word))) << entry.path();
    }
  }
}

class TemplateErrors : public testing::Test {
 protected:
  TemplateErrors() {
    std::filesystem::copy(resource("fixtures/home"), dir_.path() / "home",
                          std::filesystem::copy_options::recursive);
  }

  std::string refusal(const std::string& home = "/home/ubuntu") {
    try {
      (void)furnish_home(home, random_bytes, dir_.path() / "home");
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::Internal);
      return error.what();
    }
    ADD_FAILURE() << "nothing was thrown";
    return {};
  }

  TempDir dir_;
};

TEST_F(TemplateErrors, NameAnUnknownPlaceholder) {
  write_file(dir_.path() / "home" / "notes.md", "a {{aws_secrt}} b");
  EXPECT_THAT(refusal(), HasSubstr("notes.md holds an unknown placeholder: {{aws_secrt}} b"));
}

TEST_F(TemplateErrors, NameAPlaceholderThatDoesNotEnd) {
  write_file(dir_.path() / "home" / "notes.md", "a {{home");
  EXPECT_THAT(refusal(), HasSubstr("unknown placeholder: {{home"));
}

TEST_F(TemplateErrors, NameACredentialThatIsPlantedNowhere) {
  std::filesystem::remove(dir_.path() / "home" / "dot_netrc");
  EXPECT_THAT(refusal(), HasSubstr("plants netrc_password"));
}

TEST_F(TemplateErrors, NameACredentialThatIsPlantedTwice) {
  write_file(dir_.path() / "home" / "dot_npmrc2", "{{npm_token}}");
  EXPECT_THAT(refusal(), HasSubstr("npm_token a second time"));
}

TEST_F(TemplateErrors, RefuseAHomeThatWouldBreakTheFiles) {
  EXPECT_THAT(refusal("home/ubuntu"), HasSubstr("not an absolute path"));
  EXPECT_THAT(refusal("/home/a\"b"), HasSubstr("not an absolute path"));
}

}  // namespace
}  // namespace skillaudit
