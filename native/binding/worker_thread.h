#pragma once

#include <napi.h>

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "binding/errors.h"
#include "binding/js_thread.h"
#include "binding/task_queue.h"
#include "netns/enter.h"

namespace nodeplane::binding {

/**
 * A thread in a network namespace that does the slow work of one JavaScript object, in the order of the
 * calls, with tools that only it uses. Used on the JavaScript thread.
 */
template <typename Tools>
class WorkerThread {
 public:
  /** Turns the outcome of some work into a JavaScript value. */
  using Result = std::function<Napi::Value(Napi::Env)>;
  using Work = std::function<Result(Tools&)>;
  /** Whether close() was called: what takes long and can be left undone may then give up. */
  using Closing = std::function<bool()>;

  struct Options {
    /** At most 15 characters. */
    const char* name;
    std::optional<std::string> network_namespace;
    /** Runs on the thread, in the namespace. */
    std::function<std::unique_ptr<Tools>(Closing closing)> open;
  };

  /** Starts the thread and waits until its tools are open. */
  WorkerThread(Napi::Env env, Options options) : shared_(std::make_shared<Shared>(std::move(options))) {
    // The lambdas own what they use: the thread may outlive this object.
    thread_ = JsThread::start(env, {.name = shared_->options.name,
                                    .setup = [shared = shared_] { shared->setup(); },
                                    .loop = [shared = shared_](JsThread&) { shared->loop(); },
                                    .requestStop = [shared = shared_] { shared->tasks.close(); }});
  }
  ~WorkerThread() { close(); }

  WorkerThread(const WorkerThread&) = delete;
  WorkerThread& operator=(const WorkerThread&) = delete;

  /**
   * Queues the work of a method of `object`; returns the promise of what comes of it. The object and the
   * process stay until it is settled. Work that close() finds waiting is rejected.
   */
  template <typename Object>
  Napi::Value call(Napi::Env env, Object& object, Work work) {
    const auto promise = Napi::Promise::Deferred::New(env);
    push(std::move(work), promise, [&object, shared = shared_.get(), thread = thread_.get()] {
      if (--shared->pending == 0) thread->keepAlive(false);
      object.Unref();
    });
    object.Ref();
    if (shared_->pending++ == 0) thread_->keepAlive(true);
    return promise.Promise();
  }

  /** Returns at once; work that is being done is finished or gives up. */
  void close() { thread_->stop(); }

 private:
  /** Owned by the thread too, which may outlive this object. */
  struct Shared {
    const Options options;
    TaskQueue tasks;
    std::unique_ptr<Tools> tools;
    /** Promises that are not settled; on the JavaScript thread. */
    uint32_t pending = 0;

    explicit Shared(Options wanted) : options(std::move(wanted)) {}

    void setup() {
      if (options.network_namespace) netns::enter(*options.network_namespace);
      tools = options.open([this] { return tasks.closed(); });
    }

    void loop() {
      while (const auto task = tasks.pop()) (*task)();
      tools.reset();
    }

    /** Does the work; what it returns settles the promise on the JavaScript thread. */
    JsThread::Delivery attempt(const Work& work, Napi::Promise::Deferred promise) {
      try {
        if (tasks.closed()) throw ClosedError();
        return [promise, result = work(*tools)](Napi::Env env) { settle(env, promise, result); };
      } catch (...) {
        return [promise, error = std::current_exception()](Napi::Env env) {
          promise.Reject(toJsError(env, error).Value());
        };
      }
    }
  };

  /** Making the JavaScript value can fail too, for want of memory. */
  static void settle(Napi::Env env, Napi::Promise::Deferred promise, const Result& result) {
    try {
      promise.Resolve(result(env));
    } catch (const Napi::Error& error) {
      promise.Reject(error.Value());
    }
  }

  /** The thread delivers before it is finalized, so that plain pointers to what it owns are good. */
  void push(Work work, Napi::Promise::Deferred promise, std::function<void()> settled) {
    shared_->tasks.push([shared = shared_.get(), thread = thread_.get(), work = std::move(work), promise,
                         settled = std::move(settled)] {
      thread->post([deliver = shared->attempt(work, promise), settled](Napi::Env env) {
        deliver(env);
        settled();
      });
    });
  }

  std::shared_ptr<Shared> shared_;
  std::shared_ptr<JsThread> thread_;
};

}  // namespace nodeplane::binding
