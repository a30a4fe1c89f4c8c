#pragma once

#include <memory>
#include <string>

#include "harness/model/conversation.h"

namespace skillaudit {

/// Stands in for a model: answers one request after the other.
class Model {
 public:
  virtual ~Model() = default;
  /// Throws Error{Evidence} where it has no answer, with a whole sentence that says why.
  [[nodiscard]] virtual ModelReply answer(const ModelRequest& request) = 0;
};

/// Answers agents as the models' hosts do: an HTTP/1.1 server on a port of 127.0.0.1 that the
/// kernel chooses, in threads of its own, which the destructor ends.
///
/// The model is asked one request at a time, in order of arrival. Counting tokens is answered by an
/// estimate. Where the model has no answer, or a request is none that can be read, the agent gets
/// an error 400 in its API's shape, and so it does for whatever it asks from then on: a run whose
/// model fell silent says nothing about the skill.
///
/// HEAD and GET of "/" are answered with 200, GET of the models with an empty list, and all else
/// that is no model's endpoint with 404. Bodies larger than kMostModelBytes get 413.
class ModelServer {
 public:
  /// `model` must outlive the server. Throws Error{Environment} when it cannot listen.
  explicit ModelServer(Model& model);
  ~ModelServer();
  ModelServer(const ModelServer&) = delete;
  ModelServer& operator=(const ModelServer&) = delete;

  [[nodiscard]] int port() const;
  /// One sentence about the first request that could not be answered, with what was asked; empty:
  /// none. Printable. May be called from any thread.
  [[nodiscard]] std::string problem() const;

 private:
  class Server;
  std::unique_ptr<Server> server_;
};

/// "the user said "…"; tools: Bash, Read and 3 more": the last that came, shortened and printable.
[[nodiscard]] std::string describe(const ModelRequest& request);

}  // namespace skillaudit
