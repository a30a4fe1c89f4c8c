#pragma once

#include <string>
#include <utility>
#include <vector>

namespace skillaudit {

/// One commit.
struct GitCommit {
  std::string message;  ///< one line
  long time = 0;        ///< seconds since 1970
  /// The whole tree: path and content of each file, sorted by path.
  std::vector<std::pair<std::string, std::string>> files;
};

/// The files of a `.git` folder, relative to it, with that history on `main` and `main` checked
/// out: one pack with its index, the references, their logs and the index of the last commit.
/// Formats: gitformat-pack(5), gitformat-index(5). The same input gives the same bytes. The pack is
/// not compressed, so its size does not depend on what is written in the files, and a text in them
/// is found in it as it is. `origin` is the address of the remote, `mirror` that of a
/// second one, where programs of GitHub look for the project, `author` wrote all commits. `history`
/// is not empty.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> git_repository(
    const std::vector<GitCommit>& history, const std::string& origin, const std::string& mirror,
    const std::string& author);

}  // namespace skillaudit
