#include "binding/js_thread.h"

#include <pthread.h>

#include <csignal>
#include <future>

namespace nodeplane::binding {
namespace {

void prepareThread(const char* name) {
  pthread_setname_np(pthread_self(), name);
  sigset_t all;  // signals are for the threads of Node
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, nullptr);
}

void check(Napi::Env env, napi_status status) {
  if (status != napi_ok) throw Napi::Error::New(env, "nodeplane: cannot set up a native thread");
}

}  // namespace

std::shared_ptr<JsThread> JsThread::start(Napi::Env env, Work work) {
  std::shared_ptr<JsThread> self(new JsThread(env, std::move(work)));
  self->createFunction(self);
  self->launch(self);
  return self;
}

/** The function keeps the object until it is finalized, which is after the thread released it. */
void JsThread::createFunction(std::shared_ptr<JsThread> self) {
  auto owner = std::make_unique<std::shared_ptr<JsThread>>(std::move(self));
  const Napi::String name = Napi::String::New(env_, work_.name);
  check(env_, napi_create_threadsafe_function(env_, nullptr, nullptr, name, 0, 1, owner.get(), finalize,
                                              nullptr, deliver, &function_));
  static_cast<void>(owner.release());  // finalize() deletes it
  keepAlive(false);
  // Hooks run in reverse order: this one before the function's own.
  napi_add_env_cleanup_hook(env_, environmentEnds, this);
}

void JsThread::launch(std::shared_ptr<JsThread> self) {
  auto ready = std::make_shared<std::promise<void>>();
  try {
    thread_ = std::thread([self = std::move(self), ready] {
      prepareThread(self->work_.name);
      try {
        self->work_.setup();
      } catch (...) {
        ready->set_exception(std::current_exception());
        return self->release();
      }
      ready->set_value();
      self->work_.loop(*self);
      self->release();
    });
  } catch (...) {
    release();
    throw;
  }
  ready->get_future().get();
}

void JsThread::post(Delivery delivery) {
  auto data = std::make_unique<Delivery>(std::move(delivery));
  if (napi_call_threadsafe_function(function_, data.get(), napi_tsfn_nonblocking) != napi_ok) return;
  static_cast<void>(data.release());  // deliver() deletes it
}

void JsThread::keepAlive(bool keep) {
  if (stopped_) return;
  if (keep)
    napi_ref_threadsafe_function(env_, function_);
  else
    napi_unref_threadsafe_function(env_, function_);
}

void JsThread::stop() {
  if (stopped_) return;
  stopped_ = true;
  work_.requestStop();
}

/** The last use of the function by this thread; deliveries before it still arrive. */
void JsThread::release() {
  napi_release_threadsafe_function(function_, napi_tsfn_release);
}

void JsThread::deliver(napi_env env, napi_value, void*, void* data) {
  const std::unique_ptr<Delivery> delivery(static_cast<Delivery*>(data));
  if (env == nullptr) return;  // the environment is going
  try {
    (*delivery)(Napi::Env(env));
  } catch (const Napi::Error& error) {
    napi_fatal_exception(env, error.Value());  // 'uncaughtException', as for any other callback
  }
}

void JsThread::finalize(napi_env env, void* data, void*) {
  const std::unique_ptr<std::shared_ptr<JsThread>> owner(static_cast<std::shared_ptr<JsThread>*>(data));
  JsThread& self = **owner;
  self.stopped_ = true;
  if (self.thread_.joinable()) self.thread_.join();  // it has released the function: it is about to end
  napi_remove_env_cleanup_hook(env, environmentEnds, &self);
}

void JsThread::environmentEnds(void* data) {
  auto* self = static_cast<JsThread*>(data);
  self->stop();
  if (self->thread_.joinable()) self->thread_.join();
}

}  // namespace nodeplane::binding
