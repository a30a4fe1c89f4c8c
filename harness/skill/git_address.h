#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace skillaudit {

/// A Git repository as the command line names it.
struct GitAddress {
  std::string url;  ///< as Git gets it
  std::string
      shown;         ///< the same without password and query, and over HTTP without user: printable
  std::string user;  ///< "me:secret" of the URL: never to be shown
  std::string host;  ///< "example.org:8443": printable; empty for a file URL
  std::string ref;   ///< branch, tag or commit; empty: the default branch
  std::string path;  ///< a folder of the repository; empty: its top
  std::string name;  ///< of the repository: "tools" of "https://example.org/team/tools.git"
};

/// The address in `word`; none where the word has no form of one, as a path has not:
/// - `https://`, `http://`, `ssh://`, `git://`, `file://`; `git@host:path`, `host:path.git`;
/// - behind it `#REF` or `#REF:FOLDER`, as Docker's build contexts have it; a folder may be given
/// by
///   the SKILL.md in it;
/// - an address of a web page that ends in `/tree/REF/FOLDER`, `/-/tree/REF/FOLDER` or
///   `/blob/REF/FOLDER/SKILL.md`, with a REF of one part.
/// `ref`: of --ref, for an address that names none. Throws Error{Usage} for another scheme, two
/// refs, and a ref or folder that cannot be one. Asks no disk and no network.
[[nodiscard]] std::optional<GitAddress> git_address(std::string_view word,
                                                    std::string_view ref = {});

}  // namespace skillaudit
