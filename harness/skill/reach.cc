#include "harness/skill/reach.h"

#include <algorithm>
#include <cctype>
#include <unordered_map>

#include "harness/base/ascii.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

/// Whole words of code: letters, digits and "_".
constexpr auto kNetworkWords =
    std::to_array<std::string_view>({"curl",          "wget",       "nc",
                                     "ncat",          "netcat",     "telnet",
                                     "ssh",           "scp",        "sftp",
                                     "rsync",         "socat",      "dig",
                                     "nslookup",      "ping",       "ftp",
                                     "urllib",        "urlopen",    "urllib2",
                                     "requests",      "httpx",      "aiohttp",
                                     "socket",        "fetch",      "axios",
                                     "websocket",     "websockets", "dgram",
                                     "tcp",           "udp",        "smtplib",
                                     "ftplib",        "paramiko",   "boto3",
                                     "openai",        "anthropic",  "grpc",
                                     "pycurl",        "lwp",        "xmlhttprequest",
                                     "undici",        "sendmail",   "getaddrinfo",
                                     "gethostbyname", "selenium",   "playwright",
                                     "puppeteer",     "gh",         "aws",
                                     "gcloud",        "kubectl",    "icmp",
                                     "scapy",         "resolv"});
constexpr auto kSecretWords = std::to_array<std::string_view>(
    {"netrc", "npmrc", "pypirc", "id_rsa", "id_ed25519", "credentials", "keychain", "keyring",
     "gnupg", "kubeconfig", "printenv", "wallet", "bash_history", "zsh_history"});
constexpr auto kCredentialWords = std::to_array<std::string_view>(
    {"password", "passwd", "secret", "secrets", "api_key", "apikey"});
constexpr auto kDeleteWords = std::to_array<std::string_view>(
    {"rm", "rmdir", "unlink", "rmtree", "shred", "rmsync", "unlinksync", "ftruncate", "mkfs",
     "wipefs", "removedirs", "fernet", "encrypt", "deletefile", "remove_tree", "rimraf"});
constexpr auto kPersistenceWords = std::to_array<std::string_view>({
    "bashrc",          "bash_profile", "zshrc",         "zprofile",      "crontab",
    "systemctl",       "systemd",      "autostart",     "launchd",       "launchctl",
    "authorized_keys", "gitconfig",    "vimrc",         "nohup",         "setsid",
    "daemonize",       "hookspath",    "sitecustomize", "usercustomize", "update_alternatives",
    "schtasks",        "launchagents", "mcpservers",    "login_shell",   "chsh",
});
constexpr auto kRightsWords = std::to_array<std::string_view>(
    {"sudo", "doas", "pkexec", "setcap", "usermod", "useradd", "visudo", "sudoers", "setuid",
     "chown", "setfacl", "gpasswd", "insmod", "modprobe", "chroot", "nsenter", "unshare"});
constexpr auto kMadeCodeWords = std::to_array<std::string_view>(
    {"execfile",  "__import__", "importlib",    "marshal",   "pickle",     "ctypes",
     "b64decode", "b32decode",  "a85decode",    "fromhex",   "rot13",      "fromcharcode",
     "atob",      "runpy",      "__builtins__", "unhexlify", "decompress", "xxd",
     "npx",       "uvx",        "gem",          "cargo"});
/// Where words are too coarse.
struct Phrase {
  std::string_view text;
  Reach reach;
};
constexpr auto kPhrases = std::to_array<Phrase>({{"http.get", Reach::Network},
                                                 {"http.request", Reach::Network},
                                                 {"https.get", Reach::Network},
                                                 {"https.request", Reach::Network},
                                                 {"http.client", Reach::Network},
                                                 {"'http'", Reach::Network},
                                                 {"'https'", Reach::Network},
                                                 {"\"http\"", Reach::Network},
                                                 {"\"https\"", Reach::Network},
                                                 {"net/http", Reach::Network},
                                                 {"git push", Reach::Network},
                                                 {"git clone", Reach::Network},
                                                 {"git pull", Reach::Network},
                                                 {"git fetch", Reach::Network},
                                                 {"/etc/shadow", Reach::Secrets},
                                                 {"cookies.sqlite", Reach::Secrets},
                                                 {"login data", Reach::Secrets},
                                                 {"dd if=", Reach::Deletes},
                                                 {"dd of=", Reach::Deletes},
                                                 {"\"pip\"", Reach::MadeCode},
                                                 {"'pip'", Reach::MadeCode},
                                                 {"mount -", Reach::Rights},
                                                 {"/dev/tcp/", Reach::Network},
                                                 {"/dev/udp/", Reach::Network},
                                                 {".ssh", Reach::Secrets},
                                                 {".aws", Reach::Secrets},
                                                 {".kube", Reach::Secrets},
                                                 {".docker", Reach::Secrets},
                                                 {"/.env", Reach::Secrets},
                                                 {"\".env", Reach::Secrets},
                                                 {"'.env", Reach::Secrets},
                                                 {" .env", Reach::Secrets},
                                                 {"env |", Reach::Secrets},
                                                 {"environ.items", Reach::Secrets},
                                                 {"dict(os.environ", Reach::Secrets},
                                                 {"stringify(process.env", Reach::Secrets},
                                                 {"/proc/self/environ", Reach::Secrets},
                                                 {"os.remove", Reach::Deletes},
                                                 {"fs.rm", Reach::Deletes},
                                                 {"-delete", Reach::Deletes},
                                                 {"git clean", Reach::Deletes},
                                                 {"reset --hard", Reach::Deletes},
                                                 {"sed -i", Reach::Deletes},
                                                 {"truncate -", Reach::Deletes},
                                                 {".truncate(", Reach::Deletes},
                                                 {"\"truncate\"", Reach::Deletes},
                                                 {"'truncate'", Reach::Deletes},
                                                 {"truncatesync", Reach::Deletes},
                                                 {"/.profile", Reach::Persistence},
                                                 {"\".profile", Reach::Persistence},
                                                 {"'.profile", Reach::Persistence},
                                                 {" .profile", Reach::Persistence},
                                                 {".config/", Reach::Persistence},
                                                 {"agents.md", Reach::Persistence},
                                                 {"~/.", Reach::Persistence},
                                                 {"home/.", Reach::Persistence},
                                                 {"home}/.", Reach::Persistence},
                                                 {"home() / \".", Reach::Persistence},
                                                 {".git/", Reach::Persistence},
                                                 {"config --global", Reach::Persistence},
                                                 {"/etc/", Reach::Persistence},
                                                 {"chmod +s", Reach::Rights},
                                                 {"u+s", Reach::Rights},
                                                 {"chmod 4", Reach::Rights},
                                                 {"chmod 777", Reach::Rights},
                                                 {"new function(", Reach::MadeCode},
                                                 {"getattr(os", Reach::MadeCode},
                                                 {"| sh", Reach::MadeCode},
                                                 {"|sh", Reach::MadeCode},
                                                 {"| bash", Reach::MadeCode},
                                                 {"|bash", Reach::MadeCode},
                                                 {"npm install", Reach::MadeCode},
                                                 {"npm i ", Reach::MadeCode},
                                                 {"go install", Reach::MadeCode}});

constexpr auto kLoads = std::to_array<std::string_view>(
    {"require(", "require \"", "require '", "import(", "import_module", "from \"http", "from 'http",
     "import http", "import \"http", "import 'http", "builtinmodule"});

using Words = std::unordered_map<std::string_view, Reach>;

template <std::size_t N>
void add(Words& words, const std::array<std::string_view, N>& list, Reach reach) {
  for (const std::string_view word : list) words.emplace(word, reach);
}

const Words& known_words() {
  static const Words kWords = [] {
    Words words;
    add(words, kNetworkWords, Reach::Network);
    add(words, kSecretWords, Reach::Secrets);
    add(words, kCredentialWords, Reach::Credentials);
    add(words, kDeleteWords, Reach::Deletes);
    add(words, kPersistenceWords, Reach::Persistence);
    add(words, kRightsWords, Reach::Rights);
    add(words, kMadeCodeWords, Reach::MadeCode);
    return words;
  }();
  return kWords;
}

/// "api_key" and "deploy_token", but no "token" alone: a parser has many.
constexpr auto kSecretEnds =
    std::to_array<std::string_view>({"_token", "_key", "_secret", "_password", "_passwd"});

/// "sort_key": by which data is ordered or found.
bool is_key_of_data(std::string_view word) {
  static constexpr auto kData = std::to_array<std::string_view>(
      {"sort", "primary", "foreign", "cache", "dict", "group", "partition", "unique", "natural",
       "lookup", "row", "column", "map", "index", "json", "order"});
  return word.ends_with("_key") &&
         std::any_of(kData.begin(), kData.end(), [&](std::string_view each) {
           return word == std::string(each) + "_key" ||
                  word.ends_with("_" + std::string(each) + "_key");
         });
}

/// `eval(…)`, and not `pattern.exec(…)`.
bool evaluates(std::string_view text, std::size_t at, std::size_t end) {
  const std::string_view word = text.substr(at, end - at);
  if (word != "eval" && word != "exec") return false;
  const bool is_method = at > 0 && text[at - 1] == '.';
  const bool is_call = end < text.size() && text[end] == '(';
  return is_call ? !is_method : word == "eval";
}

bool is_word_byte(unsigned char c) { return std::isalnum(c) || c == '_'; }

std::string_view name_of(Reach reach) {
  switch (reach) {
    case Reach::Network:
      return "the network";
    case Reach::Secrets:
      return "secrets";
    case Reach::Credentials:
      return "credentials";
    case Reach::Deletes:
      return "deleting or rewriting files";
    case Reach::Persistence:
      return "what stays or starts by itself";
    case Reach::Rights:
      return "rights";
    case Reach::MadeCode:
      return "code made or fetched at run time";
  }
  return {};
}

void set(ReachSet& reach, Reach what) { reach.set(static_cast<std::size_t>(what)); }

/// "api.example.com", "10.0.0.1:80", but not "data" or "v1.2".
bool looks_like_host(std::string_view word) {
  word = word.substr(0, word.find_first_of(":/"));
  const std::vector<std::string_view> labels = split(word, '.');
  if (labels.size() < 2) return false;
  for (const std::string_view label : labels)
    if (label.empty() || !std::all_of(label.begin(), label.end(), [](unsigned char c) {
          return std::isalnum(c) != 0 || c == '-';
        }))
      return false;
  const bool number = std::all_of(word.begin(), word.end(),
                                  [](unsigned char c) { return std::isdigit(c) != 0 || c == '.'; });
  return number ? labels.size() == 4 : labels.back().size() > 1;
}

/// Whether code says where it would connect to: an address, or a name of a host in quotes. A file's
/// name in quotes passes for one.
bool names_host(std::string_view code) {
  if (code.find("://") != std::string_view::npos) return true;
  for (std::size_t at = 0; at < code.size(); ++at) {
    if (code[at] != '"' && code[at] != '\'' && code[at] != '`') continue;
    const std::size_t end = code.find(code[at], at + 1);
    if (end == std::string_view::npos) return false;
    if (looks_like_host(code.substr(at + 1, end - at - 1))) return true;
    at = end;
  }
  return false;
}

}  // namespace

ReachSet reach_of(std::string_view code) {
  ReachSet reach;
  const std::string lower = ascii_lower(code);
  const std::string_view text = lower;
  for (std::size_t at = 0; at < text.size();) {
    if (!is_word_byte(static_cast<unsigned char>(text[at]))) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && is_word_byte(static_cast<unsigned char>(text[end]))) ++end;
    const std::string_view word = text.substr(at, end - at);
    // The folder ".ssh" is named after a program that reaches the network, and is none.
    const bool is_folder = word == "ssh" && at > 0 && text[at - 1] == '.';
    if (const auto known = known_words().find(word); known != known_words().end() && !is_folder)
      set(reach, known->second);
    if (evaluates(text, at, end)) set(reach, Reach::MadeCode);
    if (std::any_of(kSecretEnds.begin(), kSecretEnds.end(),
                    [&](std::string_view ending) { return word.ends_with(ending); }) &&
        !is_key_of_data(word))
      set(reach, Reach::Credentials);
    at = end;
  }
  // "http" in quotes is a module where modules are loaded by name, else a scheme.
  const bool loads = std::any_of(kLoads.begin(), kLoads.end(), [&](std::string_view each) {
    return text.find(each) != std::string_view::npos;
  });
  for (const Phrase& phrase : kPhrases) {
    const bool is_scheme = !loads && phrase.text.size() < 8 && phrase.text.substr(1, 4) == "http" &&
                           (phrase.text[0] == '"' || phrase.text[0] == '\'');
    if (!is_scheme && text.find(phrase.text) != std::string_view::npos) set(reach, phrase.reach);
  }
  return reach;
}

ReachSet reach_of_example(ReachSet reach, std::string_view code) {
  ReachSet mild;
  for (const Reach each : {Reach::Network, Reach::Credentials})
    mild.set(static_cast<std::size_t>(each));
  return (reach & ~mild).any() || names_host(code) ? reach : ReachSet();
}

std::string in_words(ReachSet reach) {
  std::string words;
  for (const Reach each : kReaches) {
    if (!reach.test(static_cast<std::size_t>(each))) continue;
    if (!words.empty()) words += ", ";
    words += name_of(each);
  }
  return words;
}

}  // namespace skillaudit
