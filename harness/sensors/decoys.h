#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/evidence/evidence.h"
#include "harness/sensors/persona.h"

namespace skillaudit {

/// Gives that many random bytes; tests put their own in.
using Entropy = std::function<std::string(std::size_t)>;

/// Bytes that the seed alone decides, as many as are asked for, none twice. Copies go on from where
/// the copied one was.
[[nodiscard]] Entropy seeded(const std::string& seed);

/// A file of the guest's home before the skill runs.
struct HomeFile {
  std::string path;   ///< relative to the home: ".ssh/id_ed25519"; absolute in `projects`
  unsigned mode = 0;  ///< 0600 where it holds a decoy, 0755 for scripts, else 0644
  std::string content;
};

struct FurnishedHome {
  std::vector<HomeFile> files;  ///< sorted by path; their folders are the caller's to make
  std::vector<Decoy> decoys;    ///< sorted by name
  std::vector<Decoy> canaries;  ///< sorted by name
  /// Variables that the user's programs are started with, by name.
  std::vector<std::pair<std::string, std::string>> environment;
  std::vector<std::string> projects = {};  ///< absolute folders that are copies of the project
  /// What no other home has either: the public part of a key, the id of a commit, the whole text of
  /// a credential whose nonce is a part of it.
  std::vector<Decoy> drawn = {};
  Persona persona = {};
};

/// Decoy::path of a credential that is only in FurnishedHome::environment, not in a file.
inline constexpr std::string_view kInEnvironment = "environment";

/// A developer's home, made from the files under `templates` (a leading "dot_" of a name stands for
/// "."), and what no text can be: the cookies of a browser, a wallet. Credentials are drawn afresh
/// for this call. Each is worthless, valid in form, and has a
/// nonce of at least 128 random bits. A canary is drawn for each "{{reference}}", of the same
/// length in all audits. `home` is its absolute path in the guest.
///
/// Throws Error{Internal} when a template holds an unknown placeholder, and when a credential is
/// planted nowhere or twice.
[[nodiscard]] FurnishedHome furnish_home(
    const std::string& home, const Entropy& entropy = random_bytes,
    const std::filesystem::path& templates = resource("fixtures/home"),
    const Persona& persona = {});

/// Looks for the decoys in everything that the guest sent: host, path and query, Host header, SNI,
/// header names and values, and the kept body. `read_kept` gives the content of a file that a flow
/// names (Flow::request_head, Flow::request_body); it is called only for files that are named. In
/// each, the nonce is looked for as it is, in Base64 at each alignment, Base32, hex, reversed,
/// ROT13, in capitals and in small letters, under XOR with one byte, percent-encoding, gzip, zlib,
/// deflate and zip, and under several of these at once (unpack.h has the limits). A nonce that was
/// cut into pieces is looked for in the small parts of the requests to one domain, joined
/// (split_parts.h). Canaries are looked for in the same way.
///
/// Sightings come in the order of the flows; for each place ("url", "headers", "body") that a decoy
/// was seen in, those in the plainest reading. `gaps`, where given, gets a sentence for each flow
/// of which some part could not be searched.
[[nodiscard]] std::vector<DecoySighting> find_decoys(
    const std::vector<Decoy>& decoys, const std::vector<Flow>& flows,
    const std::function<std::string(const std::string& file)>& read_kept,
    std::vector<Gap>* gaps = nullptr);

/// The same in what went past the proxy: the payload, and the names asked for, as they are and with
/// their labels, or the longest label of each, joined across questions: a label holds 63
/// characters.
[[nodiscard]] std::vector<DecoySighting> find_decoys(const std::vector<Decoy>& decoys,
                                                     const Wire& wire,
                                                     std::vector<Gap>* gaps = nullptr);

/// Gives the content of files, one after another.
using FileContents = std::function<void(
    const std::function<void(const std::string& path, std::string_view content)>& take)>;

/// The same in files of the guest. Of one of up to a megabyte all readings are searched, of a
/// larger one what stands in it as it is, or under XOR with one byte: a machine stands still
/// meanwhile. Sightings have the evidence "after/files", and the path as their place. At most
/// 1,000.
[[nodiscard]] std::vector<DecoySighting> find_copies(const std::vector<Decoy>& decoys,
                                                     const FileContents& files);

/// The same in what programs were started with: the processes that `after` shows, and those that
/// the trace tells of. At most 256.
[[nodiscard]] std::vector<DecoySighting> find_in_command_lines(
    const std::vector<Decoy>& decoys, const std::vector<ProcessEntry>& after, const Trace& trace);

}  // namespace skillaudit
