// The key of a live model: on the way to the model's host and nowhere else.
#include <arpa/inet.h>
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/model/obedient.h"
#include "tests/e2e/agent_account.h"
#include "tests/e2e/expected_outcome.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;

std::uint16_t free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ::bind(fd, reinterpret_cast<sockaddr*>(&address), size);
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(fd);
  return ntohs(address.sin_port);
}

/// Who is api.anthropic.com for the proxy of a test: TLS with a certificate of its own in front of
/// the model that is built in. What arrives is in a log.
class ModelHostOnThisHost {
 public:
  ModelHostOnThisHost(const fs::path& folder, const std::string& skill)
      : log_(folder / "arrived"),
        certificate_(folder / "host.pem"),
        model_({.skill_name = skill, .skill_dir = "/home/ubuntu/.claude/skills/" + skill}),
        server_(model_),
        port_(free_port()) {
    check_output({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                  "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                  "/CN=api.anthropic.com", "-addext", "subjectAltName=DNS:api.anthropic.com",
                  "-keyout", (folder / "host.key").string(), "-out", certificate_.string()});
    write_file(folder / "host.both", read_file(certificate_) + read_file(folder / "host.key"));
    front_ =
        Process({"socat", "-v",
                 fmt::format("OPENSSL-LISTEN:{},bind=127.0.0.1,reuseaddr,fork,verify=0,cert={}",
                             port_, (folder / "host.both").string()),
                 fmt::format("TCP:127.0.0.1:{}", server_.port())},
                {.log = log_});
  }

  [[nodiscard]] std::string policy() const {
    return fmt::format(
        "rules: []\nroutes:\n  \"api.anthropic.com:443\": \"127.0.0.1:{}\"\nupstream_ca_file: {}\n",
        port_, certificate_.string());
  }
  [[nodiscard]] std::string arrived() const { return read_file(log_); }

 private:
  fs::path log_;
  fs::path certificate_;
  ObedientModel model_;
  ModelServer server_;
  std::uint16_t port_;
  Process front_;
};

/// The files below `folder` that hold `text` anywhere in them; links are not followed.
std::vector<std::string> files_with(const std::string& text, const fs::path& folder) {
  const CommandResult found =
      run_command({"grep", "-r", "-l", "-a", "-F", "-e", text, folder.string()},
                  {.timeout = std::chrono::minutes(5)});
  std::vector<std::string> files;
  for (const std::string_view line : split(trim(found.out), '\n'))
    if (!line.empty()) files.emplace_back(line);
  return files;
}

TEST(AgentKey, GoesToTheModelsHostAndNowhereElse) {
  AgentAccount account("claude");
  const std::string key = "sk-ant-api03-a-key-that-is-worth-something-0123456789abcdefghij";
  account.set("ANTHROPIC_API_KEY", key);
  const fs::path place = account.home() / "model-host";
  fs::create_directory(place);
  const ModelHostOnThisHost host(place, "hello-notes");
  write_file(account.home() / "policy.yaml", host.policy());

  const fs::path bundle = account.home() / "bundle";
  const CommandResult program =
      account.run_agent(kExamples / "hello-notes",
                        {"--model", "live", "--policy", (account.home() / "policy.yaml").string(),
                         "--keep", "always"},
                        bundle);
  EXPECT_EQ(program.exit_code, 0) << program.out << program.err << host.arrived();
  EXPECT_THAT(host.arrived(), HasSubstr(key));

  // The guest's memory and disk, of before and after the skill, are in the kept VM.
  const fs::path kept = account.cache() / "kept";
  ASSERT_FALSE(fs::is_empty(kept));
  EXPECT_THAT(files_with(key, account.cache()), IsEmpty());
  EXPECT_THAT(files_with(key, bundle), IsEmpty());
  EXPECT_THAT(files_with(key, account.cwd()), IsEmpty());
  EXPECT_EQ((program.out + program.err).find(key), std::string::npos);

  // The same search finds what the guest did have.
  const nlohmann::json audit = nlohmann::json::parse(read_file(bundle / "audit.json"));
  for (const nlohmann::json& decoy : audit.at("decoys"))
    if (decoy.at("name") == "model-api-key") {
      const std::string nonce = decoy.at("nonce");
      EXPECT_FALSE(files_with(nonce, kept).empty());
      EXPECT_FALSE(files_with(nonce, bundle).empty());
      EXPECT_EQ(host.arrived().find(nonce), std::string::npos);
    }
}

}  // namespace
}  // namespace skillaudit
