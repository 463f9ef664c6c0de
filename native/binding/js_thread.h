#pragma once

#include <napi.h>

#include <functional>
#include <memory>
#include <thread>

namespace nodeplane::binding {

/**
 * A native thread that belongs to one JavaScript environment.
 *
 *     JavaScript thread                          this thread
 *     start() -- waits for --------------------> setup()
 *                                                loop(), until stop is asked for
 *     deliveries, in order  <------------------- post()
 *     stop()  -- returns at once --------------> loop() returns
 *     joined, when all is delivered <----------- ends
 *
 * When the environment goes first (process.exit, a worker that ends) the thread is stopped and joined before
 * anything it uses is torn down; what it posted and was not delivered is dropped.
 */
class JsThread {
 public:
  /** Runs on the JavaScript thread. */
  using Delivery = std::function<void(Napi::Env)>;

  /** What the thread does. Neither loop() nor requestStop() may throw. */
  struct Work {
    /** At most 15 characters. Monitors of the ruleset see it as the name of who changed it. */
    const char* name;
    /** Runs first; what it throws, start() throws. */
    std::function<void()> setup;
    std::function<void(JsThread&)> loop;
    /** Makes loop() return soon. Called on the JavaScript thread, at most once. */
    std::function<void()> requestStop;
  };

  /** Starts a thread and returns when its setup is done. It does not keep the process alive. */
  static std::shared_ptr<JsThread> start(Napi::Env env, Work work);

  JsThread(const JsThread&) = delete;
  JsThread& operator=(const JsThread&) = delete;

  /** On this thread: hands something over to the JavaScript thread. Never waits. */
  void post(Delivery delivery);

  /** On the JavaScript thread: whether the process has to live on for this thread. */
  void keepAlive(bool keep);
  /** On the JavaScript thread; safe to call again. */
  void stop();

 private:
  JsThread(Napi::Env env, Work work) : env_(env), work_(std::move(work)) {}

  void createFunction(std::shared_ptr<JsThread> self);
  void launch(std::shared_ptr<JsThread> self);
  void release();

  static void deliver(napi_env env, napi_value callback, void* context, void* data);
  static void finalize(napi_env env, void* data, void* hint);
  static void environmentEnds(void* data);

  Napi::Env env_;
  Work work_;
  napi_threadsafe_function function_ = nullptr;
  std::thread thread_;
  bool stopped_ = false;
};

}  // namespace nodeplane::binding
