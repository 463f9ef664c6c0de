#pragma once

#include <napi.h>
#include <sys/eventfd.h>

#include <cerrno>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "binding/js_thread.h"
#include "netlink/file_descriptor.h"
#include "netlink/kernel_error.h"
#include "netns/enter.h"

namespace nodeplane::binding {

/**
 * A thread that listens for something in a network namespace and tells JavaScript. It reads on only when
 * JavaScript has taken what there is: a slow listener fills the socket, where the kernel counts losses, and
 * not our memory.
 */
template <typename Event>
class ListenerThread {
 public:
  using Sink = std::function<void(Event)>;
  /** Listens until the descriptor is readable. */
  using Listen = std::function<void(const FileDescriptor& stop, const Sink& sink)>;
  using Listener = std::function<void(Napi::Env, const Event&)>;

  struct Options {
    /** At most 15 characters. */
    const char* name;
    std::optional<std::string> network_namespace;
    /** Events that JavaScript may be behind. */
    uint32_t max_waiting;
    /** Runs on the thread, in the namespace: opens what it listens with. */
    std::function<Listen()> open;
  };

  /** Returns when the thread listens: whatever happens from then on is told. */
  ListenerThread(Napi::Env env, Options options, Listener listener)
      : shared_(std::make_shared<Shared>(std::move(options), std::move(listener))) {
    thread_ = JsThread::start(env, {.name = shared_->options.name,
                                    .setup = [shared = shared_] { shared->setup(); },
                                    .loop = [shared = shared_](JsThread& thread) { shared->loop(thread); },
                                    .requestStop = [shared = shared_] { shared->stop(); }});
  }
  ~ListenerThread() { thread_->stop(); }

  ListenerThread(const ListenerThread&) = delete;
  ListenerThread& operator=(const ListenerThread&) = delete;

 private:
  /** Owned by the thread too, which may outlive this object. */
  struct Shared {
    const Options options;
    const Listener listener;
    const FileDescriptor stop_event;
    Listen listen;
    std::mutex mutex;
    std::condition_variable taken;
    uint32_t waiting = 0;
    bool stopping = false;

    Shared(Options wanted, Listener hears)
        : options(std::move(wanted)), listener(std::move(hears)), stop_event(::eventfd(0, EFD_CLOEXEC)) {
      if (!stop_event) throw KernelError("nodeplane: cannot make an eventfd", errno);
    }

    void setup() {
      if (options.network_namespace) netns::enter(*options.network_namespace);
      listen = options.open();
    }

    void loop(JsThread& thread) {
      listen(stop_event, [&](Event event) { hand(thread, std::move(event)); });
      listen = nullptr;
    }

    /** On the listening thread. */
    void hand(JsThread& thread, Event event) {
      std::unique_lock lock(mutex);
      taken.wait(lock, [this] { return stopping || waiting < options.max_waiting; });
      if (stopping) return;
      ++waiting;
      thread.post([this, event = std::move(event)](Napi::Env env) { tell(env, event); });
    }

    /** On the JavaScript thread. Nothing is told any more once it asked to stop. */
    void tell(Napi::Env env, const Event& event) {
      {
        const std::lock_guard lock(mutex);
        --waiting;
        taken.notify_one();
        if (stopping) return;
      }
      listener(env, event);
    }

    void stop() {
      const std::lock_guard lock(mutex);
      stopping = true;
      taken.notify_one();
      ::eventfd_write(stop_event.get(), 1);
    }
  };

  std::shared_ptr<Shared> shared_;
  std::shared_ptr<JsThread> thread_;
};

}  // namespace nodeplane::binding
