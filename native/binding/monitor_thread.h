#pragma once

#include <napi.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>

#include "binding/js_thread.h"
#include "binding/options.h"
#include "netlink/file_descriptor.h"
#include "nftables/monitor.h"

namespace nodeplane::binding {

/**
 * The thread that listens for changes in one network namespace. It reads on only when JavaScript has taken
 * what there is: a slow listener fills the socket, where the kernel counts losses, and not our memory.
 */
class MonitorThread {
 public:
  using Listener = std::function<void(Napi::Env, const nftables::MonitorEvent&)>;

  /** Returns when the thread listens: whatever happens from then on is told. */
  MonitorThread(Napi::Env env, const MonitorOptions& options, Listener listener);
  ~MonitorThread() { thread_->stop(); }

  MonitorThread(const MonitorThread&) = delete;
  MonitorThread& operator=(const MonitorThread&) = delete;

 private:
  /** Owned by the thread too, which may outlive this object. */
  struct Shared {
    FileDescriptor stop_event;
    std::unique_ptr<nftables::Monitor> monitor;
    Listener listener;
    std::mutex mutex;
    std::condition_variable taken;
    uint32_t waiting = 0;
    bool stopping = false;

    Shared();
    void open(const MonitorOptions& options);
    void hand(JsThread& thread, nftables::MonitorEvent event);
    void tell(Napi::Env env, const nftables::MonitorEvent& event);
    void stop();
  };

  std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
  std::shared_ptr<JsThread> thread_;
};

}  // namespace nodeplane::binding
