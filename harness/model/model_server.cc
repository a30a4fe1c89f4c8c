#include <fmt/core.h>
#include <httplib.h>
#include <algorithm>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/model/model.h"
#include "harness/model/turns.h"

namespace skillaudit {
namespace {

constexpr std::size_t kThreads = 32;
constexpr std::size_t kMostTools = 8;
constexpr std::size_t kShown = 200;

/// Lets one in at a time, in the order in which they came: a mutex promises none.
class Turnstile {
 public:
  template <typename Work>
  auto pass(const Work& work) {
    std::unique_lock lock(mutex_);
    const std::uint64_t mine = next_++;
    turned_.wait(lock, [&] { return mine == serving_; });
    lock.unlock();
    struct Leave {
      Turnstile& turnstile;
      ~Leave() {
        const std::lock_guard guard(turnstile.mutex_);
        ++turnstile.serving_;
        turnstile.turned_.notify_all();
      }
    } leave{*this};
    return work();
  }

 private:
  std::mutex mutex_;
  std::condition_variable turned_;
  std::uint64_t next_ = 0;
  std::uint64_t serving_ = 0;
};

void send(const RenderedReply& reply, httplib::Response& response) {
  response.status = reply.status;
  for (const auto& [name, value] : reply.headers) response.set_header(name, value);
  response.set_content(reply.body, reply.content_type);
}

void send_error(ModelApi api, int status, const std::string& why, httplib::Response& response) {
  ModelRequest request;
  request.api = api;
  send(render_reply(request, {.status = status, .error_message = why}, 0), response);
}

/// The API that a request speaks, for an answer in its shape where the path is no endpoint.
ModelApi likely_api(const httplib::Request& request) {
  if (request.path.starts_with("/v1beta")) return ModelApi::Gemini;
  const bool anthropic =
      request.has_header("anthropic-version") || request.path.starts_with("/v1/messages");
  return anthropic ? ModelApi::AnthropicMessages : ModelApi::OpenAiChat;
}

const char* empty_list(ModelApi api) {
  switch (api) {
    case ModelApi::AnthropicMessages:
      return R"({"data":[],"first_id":null,"has_more":false,"last_id":null})";
    case ModelApi::Gemini:
      return R"({"models":[]})";
    default:
      return R"({"object":"list","data":[]})";
  }
}

void not_found(const httplib::Request& request, httplib::Response& response) {
  send_error(
      likely_api(request), 404,
      fmt::format("{} {} is not an endpoint of a model API", printable(shorten(request.method, 20)),
                  printable(shorten(request.path, kShown))),
      response);
}

void answer_other(const httplib::Request& request, httplib::Response& response) {
  const ModelApi api = likely_api(request);
  if (request.path == "/")
    response.status = 200;
  else if (request.path == "/v1/models" || request.path == "/v1beta/models")
    response.set_content(empty_list(api), "application/json");
  else
    not_found(request, response);
}

}  // namespace

class ModelServer::Server {
 public:
  explicit Server(Model& model) : model_(model) {
    server_.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
    // One request a connection: an idle one would hold a thread, and the destructor up.
    server_.set_keep_alive_max_count(1);
    server_.set_keep_alive_timeout(2);
    server_.set_read_timeout(std::chrono::seconds(10));
    server_.set_write_timeout(std::chrono::seconds(10));
    server_.set_payload_max_length(kMostModelBytes);
    server_.set_tcp_nodelay(true);
    server_.Get(".*", answer_other);
    server_.Post(".*", [this](const httplib::Request& request, httplib::Response& response) {
      answer(request, response);
    });
    server_.set_error_handler([this](const httplib::Request& request, httplib::Response& response) {
      if (response.body.empty()) refuse_unread(request, response);
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    if (port_ <= 0)
      fail(ErrorKind::Environment,
           "cannot listen on 127.0.0.1 for the agent's requests to its model: {}",
           errno_text(errno));
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    // stop() does nothing to a server that does not run yet.
    while (!server_.is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }

  ~Server() {
    server_.stop();
    thread_.join();
  }

  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] int port() const { return port_; }

  [[nodiscard]] std::string problem() const {
    const std::lock_guard guard(mutex_);
    return problem_;
  }

 private:
  void answer(const httplib::Request& request, httplib::Response& response) {
    const std::optional<ModelEndpoint> endpoint = model_endpoint("POST", request.target);
    if (!endpoint) return not_found(request, response);
    turnstile_.pass([&] {
      if (const std::string before = problem(); !before.empty())
        return send_error(endpoint->api, 400, before, response);
      try {
        const ModelRequest asked = parse_request(*endpoint, request.body);
        send(answer_to(asked), response);
      } catch (const Error& error) {
        note_problem(error.what());
        send_error(endpoint->api, 400, problem(), response);
      }
    });
  }

  RenderedReply answer_to(const ModelRequest& request) {
    if (request.counts_tokens) return render_reply(request, {}, 0);
    try {
      const ModelReply reply = model_.answer(request);
      return render_reply(request, reply, ++serial_);
    } catch (const std::exception& error) {
      const std::string why = error.what();
      const std::string asked = skillaudit::describe(request);
      if (why.find(asked) != std::string::npos) throw Error(ErrorKind::Evidence, why);
      fail(ErrorKind::Evidence, "{} ({})", why, asked);
    }
  }

  /// What the library refuses before a handler sees it: too large, or not HTTP as it should be.
  void refuse_unread(const httplib::Request& request, httplib::Response& response) {
    const int status = response.status;
    const std::string why = fmt::format("the request {} {} could not be read: HTTP status {}",
                                        printable(shorten(request.method, 20)),
                                        printable(shorten(request.path, kShown)), status);
    if (model_endpoint(request.method, request.target)) note_problem(why);
    send_error(likely_api(request), status, why, response);
  }

  void note_problem(const std::string& problem) {
    const std::lock_guard guard(mutex_);
    if (problem_.empty()) problem_ = problem;
  }

  Model& model_;
  httplib::Server server_;
  int port_ = 0;
  Turnstile turnstile_;
  std::uint64_t serial_ = 0;  ///< within the turnstile
  mutable std::mutex mutex_;
  std::string problem_;
  std::thread thread_;
};

ModelServer::ModelServer(Model& model) : server_(std::make_unique<Server>(model)) {}
ModelServer::~ModelServer() = default;
int ModelServer::port() const { return server_->port(); }
std::string ModelServer::problem() const { return server_->problem(); }

namespace {

/// It is shown within sentences that are themselves made printable later.
std::string in_one_line(std::string text) {
  text = shorten(trim(text), kShown);
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  return printable(text);
}

}  // namespace

std::string describe(const ModelRequest& request) {
  // What the agent itself adds at the end tells nobody what was asked.
  const auto last =
      std::find_if(request.messages.rbegin(), request.messages.rend(),
                   [](const ChatMessage& message) { return message.role != Role::System; });
  std::string text = "it has no message";
  if (last != request.messages.rend() && !last->results.empty()) {
    text = fmt::format("the last tool result was \"{}\"", in_one_line(last->results.back().text));
  } else if (last != request.messages.rend()) {
    const std::string* prompt = turns_so_far(request) == 0 ? user_prompt(request) : nullptr;
    const std::string said = prompt ? *prompt : last->parts.empty() ? "" : last->parts.back();
    text = fmt::format("the {}'s last message was \"{}\"", name_of(last->role), in_one_line(said));
  }
  std::vector<std::string> names;
  for (const OfferedTool& tool : request.tools)
    if (names.size() < kMostTools) names.push_back(printable(shorten(tool.name, 60)));
  if (names.empty()) return text + "; no tools were offered";
  const std::string more = request.tools.size() > names.size()
                               ? fmt::format(" and {} more", request.tools.size() - names.size())
                               : "";
  return fmt::format("{}; tools offered: {}{}", text, join(names, ", "), more);
}

}  // namespace skillaudit
